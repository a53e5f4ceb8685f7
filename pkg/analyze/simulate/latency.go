package simulate

import "math"

// A latency is a time that the node takes and that nothing in a manifest
// changes: its likely length, and how much shorter or longer it may be.
// Latencies that follow each other add up; their deviations are independent
// and are stacked as the root of the sum of their squares.
type latency struct{ likely, less, more float64 }

// The node's latencies in seconds, fitted to 64 recorded terminations on a
// Kubernetes 1.36 node with two busy cores and 246 of our own, and checked with
// 100 others (testdata/truth/recorded.md); the rules say what they are made of.
var (
	// latAct: the API shows the deletion → the kubelet begins to kill: watch,
	// pod worker, and at times the wait for a PLEG relist (K22).
	latAct = latency{0.04, 0.06, 0.27}
	// latActLocal: the same when the kubelet itself decides to kill.
	latActLocal = latency{0.01, 0.06, 0.27}
	// latExec: the kubelet asks for an exec → its process runs.
	latExec = latency{0.08, 0.16, 0.45}
	// latHookReturn: a hook's end → the kubelet goes on.
	latHookReturn = latency{0.03, 0.05, 0.15}
	// latHookError: a hook that cannot even start, such as a tcpSocket one or
	// an httpGet that is refused (K38).
	latHookError = latency{0.03, 0.05, 0.3}
	// latSignal: StopContainer → the process has the signal (K45).
	latSignal = latency{0.03, 0.05, 0.15}
	// latExit: the end of what the process does on its signal → its exit.
	latExit = latency{0.01, 0.04, 0.11}
	// latKill: the end of the grace period → the exit by SIGKILL.
	latKill = latency{0.02, 0.08, 0.12}
	// latStopReturn: an exit → StopContainer returns to the kubelet.
	latStopReturn = latency{0.03, 0.02, 0.1}
	// latRemove: the last StopContainer returns → the object is gone from the
	// API: sandbox, PLEG relist of up to 1 s, volumes, last status (K82–K85).
	latRemove = latency{0.58, 0.45, 0.41}
	// latForced: the API takes a forced delete → the object is gone (K5).
	latForced = latency{0.02, 0.02, 0.3}
	// latEndpoint: the API writes the deletion → the EndpointSlice shows it (C252, C257).
	latEndpoint = latency{0.1, 0.1, 0.9}
	// latTerminal: the last StopContainer returns → the API shows a final phase (K80, K82).
	latTerminal = latency{0.6, 0.5, 1}
)

// stack adds two independent deviations.
func stack(a, b float64) float64 { return math.Hypot(a, b) }
