package record

import (
	"errors"
	"math"
	"sort"
	"strconv"
	"strings"
	"time"
)

// collect turns what was seen into the case's recording.
func (r *Recorder) collect(c *Case) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.subject(c.Name)
	sort.SliceStable(s.seen, func(i, j int) bool { return s.seen[i].at.Before(s.seen[j].at) })
	s.nameHooks(c)
	zero, ok := s.zero(c)
	if !ok {
		return errors.New("nothing was seen that starts the clock")
	}
	zero = s.acted(c, zero)
	seconds := func(at time.Time) float64 {
		return math.Round(at.Sub(zero).Seconds()*1000) / 1000
	}
	c.Observed, c.AlsoObserved = []Event{}, nil
	for _, e := range s.seen {
		t := seconds(e.at)
		if c.Kind == Termination && t < -0.5 || c.Until > 0 && t > c.Until {
			continue
		}
		e.T = t
		switch {
		case c.Kind == EarlyDelete && t < 0:
			if e.Type == "ContainerExited" || e.Type == "SignalSent" || extra(e.Type) {
				c.AlsoObserved = append(c.AlsoObserved, e.Event)
			}
		case normative(c.Kind, e.Type):
			c.Observed = append(c.Observed, e.Event)
		case extra(e.Type):
			c.AlsoObserved = append(c.AlsoObserved, e.Event)
		}
	}
	c.fillThen(s, zero)
	c.setAge(s, zero)
	c.assumeSignals()
	c.Stall = math.Round(r.stalls.worst(zero, time.Now()).Seconds()*1000) / 1000
	return nil
}

// fillThen notes when the second delete took effect. It may not have: a longer
// grace is ignored, and the pod may have been gone.
func (c *Case) fillThen(s *subject, zero time.Time) {
	if c.Trigger == nil {
		return
	}
	i := 0
	for _, e := range s.seen { // the removal itself sets the grace to 0
		if e.Type == "graceChanged" && e.Seconds > 0 && i < len(c.Trigger.Then) {
			c.Trigger.Then[i].ObservedSeconds = math.Round(e.at.Sub(zero).Seconds()*1000) / 1000
			i++
		}
	}
}

// assumeSignals notes as an assumption which signal came to a container whose
// manifest names another one: a runtime that does not know the field sends its
// own.
func (c *Case) assumeSignals() {
	for _, k := range c.Pod.Spec.Containers {
		if k.Lifecycle == nil || k.Lifecycle.StopSignal == nil {
			continue
		}
		for _, e := range c.Observed {
			if e.Type == "SignalSent" && e.Container == k.Name && "SIG"+e.Signal != string(*k.Lifecycle.StopSignal) {
				a := c.Assumptions.Containers[k.Name]
				a.StopSignal = e.Signal
				c.Assumptions.Containers[k.Name] = a
			}
		}
	}
}

// zero finds the moment the case's clock starts.
func (s *subject) zero(c *Case) (time.Time, bool) {
	switch c.Kind {
	case Startup:
		return s.firstOf(func(e Event) bool { return e.Type == "PodScheduled" })
	case Restarts:
		return s.firstOf(func(e Event) bool { return e.Type == "ContainerStarted" })
	case Termination, EarlyDelete:
	}
	switch c.Trigger.Type {
	case "deadline":
		// The event DeadlineExceeded comes up to a second before the kubelet acts,
		// the status after the last container is gone.
		return s.firstOf(func(e Event) bool { return e.Type == "Event" && e.Reason == "Killing" })
	case "liveness", "startup":
		return s.firstOf(func(e Event) bool {
			return e.Type == "Event" && e.Container == c.Trigger.Container && e.Reason == "KillingToRestart"
		})
	default:
		return s.firstOf(func(e Event) bool { return e.Type == "deletionSeen" || e.Type == "PodRemoved" })
	}
}

// acted moves the start of the clock to the first thing that the kubelet did
// about the trigger, where that was seen before the trigger itself: nothing
// comes before its cause, so our watch had the news late. While a pod starts, what
// came much before has other causes, such as a postStart hook that failed.
func (s *subject) acted(c *Case, zero time.Time) time.Time {
	first := zero
	for _, e := range s.seen {
		early := e.at.Before(first) && zero.Sub(e.at) < c.newsLate()
		if early && (e.Type == "SignalSent" || e.Type == "PreStopStarted") {
			first = e.at
		}
	}
	return first
}

// newsLate is how late our watch may have the news that starts the clock: a watch
// of the deletion is quick, an event of the kubelet takes its time on a busy machine.
func (c *Case) newsLate() time.Duration {
	switch {
	case c.Kind == EarlyDelete:
		return 50 * time.Millisecond
	case c.Kind != Termination:
		return 0
	case c.Delete == nil:
		return 2 * time.Second
	}
	return 500 * time.Millisecond
}

func (s *subject) firstOf(match func(Event) bool) (time.Time, bool) {
	for _, e := range s.seen {
		if match(e.Event) {
			return e.at, true
		}
	}
	return time.Time{}, false
}

// nameHooks tells hooks from other processes executed in a container: postStart
// is the first one (the kubelet probes only after it), preStop the first after
// the clock started. The generator gives no container both an exec preStop hook
// and an exec probe.
func (s *subject) nameHooks(c *Case) {
	zero, ok := s.zero(c)
	hooked := map[string]bool{}
	name, began := map[string]string{}, map[string]time.Time{}
	restarts := map[string]int{}
	for i := range s.seen {
		e := &s.seen[i]
		k := e.Container
		switch e.Type {
		case "ContainerStarted":
			restarts[k]++
		case "execStarted":
			post, pre := c.hooksOf(k)
			switch {
			case post && !hooked[k+"/post/"+strconv.Itoa(restarts[k])]:
				hooked[k+"/post/"+strconv.Itoa(restarts[k])] = true
				name[e.Reason], e.Type = "PostStart", "PostStartStarted"
			case pre && (c.Kind == Restarts || ok && !e.at.Before(zero.Add(-max(c.newsLate(), 500*time.Millisecond)))) && !hooked[k+"/pre/"+strconv.Itoa(restarts[k])]:
				hooked[k+"/pre/"+strconv.Itoa(restarts[k])] = true
				name[e.Reason], e.Type = "PreStop", "PreStopStarted"
			}
			if e.Type != "execStarted" {
				began[e.Reason], e.Reason = e.at, ""
			}
		}
	}
	s.nameEnds(name, began)
}

// nameEnds names the ends of hooks. The end of a very short one can bear an
// earlier time than its start, of which containerd tells when it is done.
func (s *subject) nameEnds(name map[string]string, began map[string]time.Time) {
	for i := range s.seen {
		e := &s.seen[i]
		hook := name[e.Reason]
		if e.Type != "execExited" || hook == "" {
			continue
		}
		if e.at.Before(began[e.Reason]) {
			e.at = began[e.Reason]
		}
		e.Type, e.Reason = hook+"Finished", ""
	}
	sort.SliceStable(s.seen, func(i, j int) bool {
		a, b := s.seen[i], s.seen[j]
		if a.at.Equal(b.at) && a.Container == b.Container {
			return strings.HasSuffix(a.Type, "Started") && strings.HasSuffix(b.Type, "Finished")
		}
		return a.at.Before(b.at)
	})
}

func normative(kind Kind, event string) bool {
	switch event {
	case "ContainerExited", "PodRemoved":
		return kind != Startup || event != "PodRemoved"
	case "PreStopStarted", "PreStopFinished", "SignalSent", "EndpointNotReady":
		return kind == Termination || kind == EarlyDelete
	case "ContainerStarted":
		return kind != Termination && kind != EarlyDelete
	case "PodScheduled", "SandboxReady", "PostStartFinished", "ContainerStartedStatus", "ContainerReady",
		"PodInitialized", "ContainersReady", "PodReady":
		return kind == Startup
	}
	return false
}

func extra(event string) bool {
	switch event {
	case "ContainerWaiting", "BackoffStarted", "EndpointReady", "EndpointNotReady", "Event", "podReason", "podPhase",
		"ContainerStarted", "PreStopStarted", "PreStopFinished", "PostStartFinished":
		return true
	}
	return false
}
