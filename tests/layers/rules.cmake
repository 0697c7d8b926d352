# What each folder may include. Two tables: the project folders it may name, and the patterns of
# other headers that are kept out of it. `include/troupe` is called `troupe`, as in #include lines.
set(folders troupe protocol game net actors server tools examples bench fuzz tests)

set(may_include_troupe troupe)
set(may_include_protocol troupe protocol)
set(may_include_game troupe protocol game)
set(may_include_net troupe protocol net)
set(may_include_actors troupe protocol game net actors)
set(may_include_server troupe protocol game net actors server)
set(may_include_tools troupe protocol game net actors server tools examples) # what serve shows
set(may_include_examples troupe examples)
set(may_include_bench ${folders})
set(may_include_fuzz troupe protocol game net fuzz tests)
set(may_include_tests ${folders})

set(caf "caf/")
set(asio_and_beast "boost/(asio|beast)")
set(logging "spdlog/|fmt/")
set(options "CLI/|toml")
set(crypto "openssl/")
set(system "sys/|netinet/|arpa/|netdb\\.h|unistd\\.h|poll\\.h|fstream>|iostream>")

set(must_not_include_troupe ${caf} ${asio_and_beast} ${logging} ${options} ${crypto} ${system})
set(must_not_include_protocol ${caf} ${asio_and_beast} ${logging} ${options} ${system})
set(must_not_include_game ${must_not_include_protocol})
set(must_not_include_net ${caf} ${options})
set(must_not_include_actors ${asio_and_beast} ${options} "sys/socket\\.h|sys/epoll\\.h|netinet/|arpa/")
set(must_not_include_server ${caf} ${asio_and_beast})
set(must_not_include_tools ${caf} ${asio_and_beast})
set(must_not_include_examples ${caf} ${asio_and_beast})
set(must_not_include_bench)
set(must_not_include_fuzz ${caf})
set(must_not_include_tests)

# The one public header about CAF.
set(exempt_files include/troupe/caf.hpp)
