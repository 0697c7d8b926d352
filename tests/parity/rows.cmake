# The checklist: every row that docs/parity.md must have. `X` rows are for later and need no test.
function(add_rows prefix digits last)
  foreach(number RANGE 1 ${last})
    string(LENGTH ${number} length)
    if(length LESS digits)
      set(number 0${number})
    endif()
    list(APPEND checklist "${prefix}${number}")
  endforeach()
  set(checklist ${checklist} PARENT_SCOPE)
endfunction()

set(checklist)
add_rows(H 2 23) # neffos: HTTP and transport
add_rows(A 2 10) # acknowledgement and identity
add_rows(C 2 15) # codec
add_rows(N 2 16) # namespaces
add_rows(R 2 14) # rooms
add_rows(E 2 16) # events
add_rows(K 2 8)  # asks
add_rows(V 2 4)  # native messages
add_rows(B 2 10) # broadcasts
add_rows(S 2 13) # the server's interface
add_rows(G 2 9)  # controllers
add_rows(X 2 12) # exchange
add_rows(D 2 4)  # client library
add_rows(L 2 12) # iris: wire
add_rows(M 2 19) # iris: the server's interface
add_rows("gorilla U" 1 12) # upgrader
add_rows("gorilla D" 1 10) # dialer
add_rows("gorilla R" 1 10) # reading
add_rows("gorilla W" 1 8)  # writing
add_rows("gorilla C" 1 8)  # the rest of a connection
