// Package simulate forecasts what the kubelet does to a pod: second by second,
// with bounds. Terminate answers what happens when a pod is told to go; Start
// and Restarts answer what happens when it comes up and when it crashes.
//
// A termination is computed by interval arithmetic: every moment is an earliest, a
// likely and a latest one, and each step (a hook, a signal, a kill, waiting for
// one's turn) maps the bounds of what came before to bounds of what follows, so
// that any real run whose durations lie inside the assumed ranges lies inside
// the forecast. The likely moments are those of one run in which every
// assumption holds. What Kubernetes itself leaves open (watch delay, the
// runtime's own time, PLEG) is a table of named constants in latency.go.
//
// Start-ups and restarts are replayed instead, as adding up ranges would lose
// what their steps share (one relist grid, one grid of ticks per probe): a model
// of the kubelet's pod worker runs the pod event by event, many times, each with
// one draw of what is open. The bounds are those of all replays where these lie
// within one period of the probe that decides and a second (1.5s where none
// does), and else the densest part of them that is no wider; the event's note
// tells what lies outside.
//
// Durations that no manifest tells come, in this order, from what the user says
// about a container (Assumptions), from what can be read in the manifest
// (infer*.go), from what the user says about all containers (defaults), and at
// last from wide assumed ranges. Each one that is used is listed in
// Timeline.Assumptions with the flag that changes it.
//
// The package has no clock, no disk and no cluster, keeps nothing between
// calls, and does not judge manifests (that is lint) or print (that is render).
// Windows nodes are not modelled; pods for them get a gap. A pod's controller,
// its replacement pods and other pods' load are outside the forecast.
package simulate
