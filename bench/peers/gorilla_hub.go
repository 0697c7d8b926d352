// A chat hub as users of gorilla/websocket write it: one goroutine owns the clients, each client has
// a reading and a writing one and a queue of 256 messages between them. Answers /echo and /ws as the
// other peers do.
package main

import (
	"flag"
	"log"
	"net/http"

	"github.com/gorilla/websocket"
)

type message struct {
	kind  int
	bytes []byte
}

type client struct {
	socket *websocket.Conn
	queue  chan message
}

type hub struct {
	join, leave chan *client
	publish     chan message
}

var upgrader = websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}

func (h *hub) run() {
	clients := map[*client]bool{}
	drop := func(c *client) {
		if clients[c] {
			delete(clients, c)
			close(c.queue)
		}
	}
	for {
		select {
		case c := <-h.join:
			clients[c] = true
		case c := <-h.leave:
			drop(c)
		case m := <-h.publish:
			for c := range clients {
				select {
				case c.queue <- m:
				default:
					drop(c)
				}
			}
		}
	}
}

func (c *client) write() {
	defer c.socket.Close()
	for m := range c.queue {
		if c.socket.WriteMessage(m.kind, m.bytes) != nil {
			return
		}
	}
}

func (h *hub) serve(w http.ResponseWriter, r *http.Request) {
	socket, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	c := &client{socket, make(chan message, 256)}
	h.join <- c
	go c.write()
	defer func() { h.leave <- c }()
	for {
		kind, bytes, err := socket.ReadMessage()
		if err != nil {
			return
		}
		h.publish <- message{kind, bytes}
	}
}

func echo(w http.ResponseWriter, r *http.Request) {
	socket, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	defer socket.Close()
	for {
		kind, bytes, err := socket.ReadMessage()
		if err != nil || socket.WriteMessage(kind, bytes) != nil {
			return
		}
	}
}

func main() {
	port := flag.String("port", "9000", "TCP port on 127.0.0.1")
	flag.Parse()
	h := &hub{make(chan *client), make(chan *client), make(chan message)}
	go h.run()
	http.HandleFunc("/ws", h.serve)
	http.HandleFunc("/echo", echo)
	log.Fatal(http.ListenAndServe("127.0.0.1:"+*port, nil))
}
