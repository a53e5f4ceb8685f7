package simulate

import (
	"math"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// A replay is one run of the kubelet on one pod, event by event, with one draw
// of everything that Kubernetes and the application leave open. Many replays
// make a forecast: correlations that matter (one relist grid for all init
// containers, one tick grid for all results of a probe) are kept, which adding
// up ranges would lose.
//
// What is replayed: the pod worker's serial syncs (startupsync.go), what they
// decide (restartactions.go), the runtime and PLEG (startuppleg.go), the
// status manager (startupstatus.go) and the probe workers (probeworker.go).
type replay struct {
	plan *startPlan
	dice *dice
	node nodeDraw

	now     float64
	horizon float64
	queue   alarmQueue
	ended   bool
	alarms  int

	containers []*replayed
	sandbox    struct {
		ready, seen bool
	}
	pleg   plegState
	worker workerState
	// deletion is a delete on the way; nil = none.
	deletion *deletion
	status   podStatusState
	pulled   map[string]bool

	record map[eventKey]*occurrence
	order  []eventKey
}

// A replayed container is what the node knows about one container.
type replayed struct {
	*planned
	index     int
	instances []*instance // all that exist, oldest first
	starts    int
	seen      seenContainer // in the pod's cache
	backoff   backoffEntry
	refused   bool    // its last start failed: the reason cache has an entry
	waited    float64 // the back-off that kept its next start waiting
	workers   [3]*probeWorker
	status    containerStatusState
	first     life // of the first instance, drawn before all else
	life      life // of the newest one
}

// An instance is one container of the runtime.
type instance struct {
	attempt int
	startAt float64
	exitAt  float64 // Never while nothing ends it
	code    int32
	killed  bool
	exited  bool // it has
	visible bool // the runtime says it has
	result  [3]probeResult

	startedUp, readyAt, failsAt float64 // when its probes begin to succeed, or fail
	exitSerial                  int     // the alarm that may end it
	exitRule                    string  // why it was killed
	stops                       stopTimes
	onExit                      func()
	relisted, relistedExit      bool
}

// stopTimes are when the kubelet stops an instance in a sync: its preStop hook
// and its stop signal; 0 = it does not.
type stopTimes struct{ hook, hookEnd, signal float64 }

// backoffEntry is the crash-loop back-off of one container (K210).
type backoffEntry struct {
	seconds, updated float64
	ok               bool
}

// nodeDraw is what differs from node to node and moment to moment, drawn once
// per replay. Seconds.
type nodeDraw struct {
	relist     float64 // phase of PLEG's grid
	relistTook float64
	tick       float64 // phase of the work queue's ticks
	house      float64 // phase of the housekeeping
	clock      float64 // the fraction of the second at time 0
	watch      float64 // binding → first sync
	begin      float64 // first sync → probe workers and sandbox
	mounted    float64 // first sync → volumes mounted
	sandbox    float64
	start      float64 // creating and starting a container, its middle
	publish    float64 // status manager → API
	exec       float64 // an exec's way into the container, and back
}

func drawNode(p *startPlan, d *dice) nodeDraw {
	var n nodeDraw
	n.relist, n.clock, n.tick = d.unit(), d.unit(), d.unit()
	n.relistTook = d.between(latRelist[0], latRelist[1])
	n.house = housekeeping * d.unit()
	n.watch = d.between(latWatch[0], latWatch[1])
	n.begin = d.between(latBegin[0], latBegin[1])
	if p.volumes {
		n.begin += volumePoll * math.Ceil(d.between(0.01, 2))
		if p.deleteAt != nil {
			n.mounted = d.between(latMount[0], latMount[1])
		}
	}
	n.sandbox = d.of(p.sandbox)
	n.start = d.between(latStart[0], latStart[1])
	n.publish = d.between(latPublish[0], latPublish[1])
	n.exec = d.between(latExecStart[0], latExecStart[1])
	return n
}

// Latencies of a node's start-up path in seconds: from, to. Fitted to 40
// recorded start-ups on a Kubernetes 1.36 node with two busy cores.
var (
	latRelist    = [2]float64{0.001, 0.016} // one relist
	latWatch     = [2]float64{0.002, 0.02}  // binding → kubelet → first status
	latBegin     = [2]float64{0.003, 0.03}  // first status → cgroups, directories
	latStart     = [2]float64{0.035, 0.085} // image check, create, start
	latStartMore = [2]float64{-0.012, 0.06} // … of each single container
	latStarted   = [2]float64{0.001, 0.012} // the process runs → StartContainer returns
	latPublish   = [2]float64{0.003, 0.05}  // status manager → API server → watch
	latExecStart = [2]float64{0.012, 0.1}   // exec → its process runs
	latExecEnd   = [2]float64{0.003, 0.03}  // … ends → kubelet knows
	latNotice    = [2]float64{0.02, 0.06}   // process ends → runtime shows it
	latStop      = [2]float64{0.01, 0.08}   // StopContainer → signal, and exit → return
	latSync      = [2]float64{0.001, 0.006} // a sync's own work
	volumePoll   = 0.3                      // K107
	latMount     = [2]float64{0.15, 0.5}    // first sync → the token is mounted: the reconciler looks every 0.1 s
)

// maxAlarms ends a replay that would go on for too long, such as a container
// that ends at once with a back-off cap of one second.
const maxAlarms = 60000

func newReplay(p *startPlan, run int, endless bool) *replay {
	r := &replay{
		plan: p, dice: newDice(run, endless), horizon: p.horizon,
		pulled: map[string]bool{}, record: map[eventKey]*occurrence{},
	}
	r.node = drawNode(p, r.dice)
	for i := range p.containers {
		c := &replayed{planned: &p.containers[i], index: i}
		c.first = drawLife(c.planned, r.dice)
		r.containers = append(r.containers, c)
	}
	r.status.init(r)
	r.deletion = p.newDeletion()
	return r
}

// run replays from the binding of the pod to the horizon, or to the moment
// from which on nothing changes.
func (r *replay) run() {
	r.happen(eventKey{analyze.PodScheduled, noContainer, 1}, 0)
	if r.plan.live != nil {
		r.resume()
	} else {
		r.at(r.node.watch, r.wake)
	}
	if r.deletion != nil {
		r.at(r.deletion.age+r.roll(latWatch), r.deleted)
	}
	defer r.settleDeletion()
	for len(r.queue.heap) > 0 && !r.ended && r.alarms < r.plan.mostAlarms {
		next := r.queue.pop()
		if next.at > r.horizon {
			return
		}
		r.now = next.at
		r.alarms++
		next.do()
	}
}

// cut says whether the replay gave up before the horizon.
func (r *replay) cut() bool {
	return r.alarms >= r.plan.mostAlarms && len(r.queue.heap) > 0 && !r.ended
}

// at sets an alarm; nothing happens in the past or at no time at all.
func (r *replay) at(t float64, do func()) {
	if math.IsInf(t, 1) || math.IsNaN(t) {
		return
	}
	r.queue.push(math.Max(t, r.now), do)
}

func (r *replay) after(d float64, do func()) { r.at(r.now+d, do) }

// roll draws from a table of latencies.
func (r *replay) roll(l [2]float64) float64 { return r.dice.between(l[0], l[1]) }

// current is the container's newest instance, or nil.
func (c *replayed) current() *instance {
	if len(c.instances) == 0 {
		return nil
	}
	return c.instances[len(c.instances)-1]
}

func (c *replayed) running() *instance {
	if i := c.current(); i != nil && !i.exited {
		return i
	}
	return nil
}
