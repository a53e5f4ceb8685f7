// Command probed runs inside the test pods and answers probes: HTTP, gRPC
// health, or a bare TCP port, from a given time after its start.
//
//	probed -http :8080 -after 3s
//	probed -grpc :9090 -after 3s
//	probed -tcp  :7070 -after 3s -fail-after 20s
//
// Before -after and from -fail-after on, HTTP answers 503, gRPC answers
// NOT_SERVING and the TCP port is closed. It does not speak TLS.
package main

import (
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"time"
)

func main() {
	httpAddr := flag.String("http", "", "address to answer HTTP on")
	grpcAddr := flag.String("grpc", "", "address to answer the gRPC health check on")
	tcpAddr := flag.String("tcp", "", "address to accept connections on")
	after := flag.Duration("after", 0, "healthy from this long after the start")
	failAfter := flag.Duration("fail-after", 0, "no longer healthy from this long after the start (0: never)")
	flag.Parse()

	start := time.Now()
	healthy := func() bool {
		age := time.Since(start)
		return age >= *after && (*failAfter == 0 || age < *failAfter)
	}
	errs := make(chan error, 3)
	if *httpAddr != "" {
		go func() { errs <- serveHTTP(*httpAddr, healthy) }()
	}
	if *grpcAddr != "" {
		go func() { errs <- serveGRPC(*grpcAddr, healthy) }()
	}
	if *tcpAddr != "" {
		go func() { errs <- serveTCP(*tcpAddr, healthy) }()
	}
	fmt.Fprintln(os.Stderr, "probed:", <-errs)
	os.Exit(1)
}

func serveHTTP(addr string, healthy func() bool) error {
	return http.ListenAndServe(addr, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if !healthy() {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}))
}

// serveGRPC answers every call with a health status. The message is written
// out by hand (a length prefix and one field), which saves this program, and
// the module, the whole of grpc.
func serveGRPC(addr string, healthy func() bool) error {
	var protocols http.Protocols
	protocols.SetUnencryptedHTTP2(true)
	server := &http.Server{Addr: addr, Protocols: &protocols, Handler: http.HandlerFunc(
		func(w http.ResponseWriter, _ *http.Request) {
			status := byte(2) // NOT_SERVING
			if healthy() {
				status = 1
			}
			w.Header().Set("Content-Type", "application/grpc")
			w.Header().Set("Trailer", "Grpc-Status")
			_, _ = w.Write([]byte{0, 0, 0, 0, 2, 0x08, status})
			w.Header().Set("Grpc-Status", "0")
		})}
	return server.ListenAndServe()
}

func serveTCP(addr string, healthy func() bool) error {
	var listener net.Listener
	for {
		switch up := healthy(); {
		case up && listener == nil:
			l, err := net.Listen("tcp", addr)
			if err != nil {
				return err
			}
			listener = l
			go accept(l)
		case !up && listener != nil:
			_ = listener.Close()
			listener = nil
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func accept(l net.Listener) {
	for {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		_ = conn.Close()
	}
}
