package explain

import (
	"fmt"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// resetAfter is how long a container must run for the kubelet to forget its
// restart back-off (K212).
const resetAfter = 10 * time.Minute

// How a container came down, seen from now.
type crashMode int

const (
	looping crashMode = iota // down, and it will be started again
	dead                     // down for good
	again                    // up again, but for how long?
)

// A crash is the newest end of a container that nobody wanted.
type crash struct {
	c    *containerView
	v    *podView
	t    *corev1.ContainerStateTerminated
	at   string // path of t
	mode crashMode
	ran  time.Duration // how long that instance ran; -1 if unknown
	// probed says that a probe ended it: the back-off then is one step behind (K218).
	probed bool
}

// crashKinds tell why a container came down, the surest first. Each looks at
// one crash; the first that knows it wins.
func crashKinds() []func(crash) (finding, bool) {
	return []func(crash) (finding, bool){
		startError, postStartFailed, oomKilled, statusUnknown, lostWithNode,
		killedByStartup, killedByLiveness, killedWhileStopping,
		endsWithZero, exitSignal, exitNotExecutable, exitNotFound, exitCode,
	}
}

// crashes finds the containers that came down, and why.
func crashes(v *podView) []finding {
	var out []finding
	for _, c := range v.cs {
		k, ok := c.crashed()
		if !ok {
			continue
		}
		for _, kind := range crashKinds() {
			if f, ok := kind(k); ok {
				k.probed = (f.ID == idLivenessKills || f.ID == idStartupKills) && f.Certainty != Possible
				out = append(out, k.contradicted(f))
				break
			}
		}
		if f, ok := k.backOff(); ok {
			out = append(out, f)
		}
	}
	return out
}

// contradicted lowers the certainty of a finding where an event names another
// killer of the same instance.
func (k crash) contradicted(f finding) finding {
	if l := k.c.Lifecycle; l != nil && l.PostStart != nil && f.Certainty == Certain && k.startUnseen() &&
		(f.ID == idEndsWithZero || f.ID == idAppExits || f.ID == idExit143 || f.ID == idKilled137) {
		f.Certainty, f.Why = Likely, "no event of this run was seen; a failing postStart hook, which it has, would end it as well"
	}
	if f.ID != idOOMKilled && f.ID != idOOMNode {
		return f
	}
	for _, word := range []string{"liveness", "startup"} {
		if e, sure := k.probeKill(word, nil); sure == Certain {
			f.Certainty, f.Why = Likely, fmt.Sprintf("an event says that the %s probe killed it at the same time", word)
			f.Evidence = append(f.Evidence, event(e))
		}
	}
	return f
}

// crashed tells whether the container's newest end matters now.
func (c *containerView) crashed() (crash, bool) {
	t, at := c.ending()
	if t == nil || c.Type == analyze.EphemeralContainer {
		return crash{}, false
	}
	k := crash{c: c, v: c.v, t: t, at: at, ran: -1}
	if from := timeOf(t.StartedAt); from != nil && !t.FinishedAt.IsZero() {
		k.ran = t.FinishedAt.Sub(*from)
	}
	switch {
	case c.running() != nil:
		k.mode = again
		return k, !k.outlived()
	case c.terminated() != nil && !c.restartable(t.ExitCode):
		k.mode = dead
		return k, t.ExitCode != 0
	case c.waiting() != nil && c.pullsImage():
		return k, false // the image is what keeps it down
	}
	k.mode = looping
	return k, c.Type != analyze.InitContainer || t.ExitCode != 0 || t.Reason == "OOMKilled"
}

// outlived says that the running instance has done better than the one before
// it, so that the old end explains nothing now.
func (k crash) outlived() bool {
	now := k.v.since(k.c.running().StartedAt.Time)
	if k.v.since(k.t.FinishedAt.Time) > resetAfter {
		return true
	}
	for _, probe := range []string{"liveness", "startup"} {
		if e := k.c.last("Unhealthy", strings.ToUpper(probe[:1])+probe[1:]+" probe failed"); e != nil &&
			analyze.EventTime(e).After(k.c.running().StartedAt.Time) {
			return k.c.restarts() == 0
		}
	}
	return now > max(10*time.Second, 2*k.ran)
}

// finish fills in what all crashes share. what completes "container x …", such
// as `exited with exit code 1`.
func (k crash) finish(f finding, what string) finding {
	n := k.c.restarts()
	f.Container = k.c.Name
	f.Severity, f.state = analyze.Error, Failing
	if f.Certainty == "" {
		f.Certainty = Certain
	}
	label := k.c.label()
	switch {
	case k.mode == dead:
		f.state = Failed
		f.says = fmt.Sprintf("%s: %s %s", k.verb(), label, what)
	case k.mode == again && n == 1:
		f.Severity = analyze.Warning
		f.says = fmt.Sprintf("%s: %s %s and was restarted", k.verb(), label, what)
	case k.mode == again && k.v.ready():
		f.says = fmt.Sprintf("%s: %s was restarted %s, the last time after it %s", k.verb(), label, times(n), what)
	case k.mode == again, n > 0:
		f.says = fmt.Sprintf("%s: %s keeps crashing, it %s", k.verb(), label, what)
	default:
		f.Severity = analyze.Warning
		f.says = fmt.Sprintf("%s: %s %s and will be restarted", k.verb(), label, what)
	}
	head, tail, _ := strings.Cut(what, "; ")
	if after := k.after(); after != "" {
		head += "," + after
	}
	f.Summary = label + " " + joinDetail(head, tail) + k.counted()
	f.Detail = joinDetail(f.Detail, terminationMessage(k.t), k.forGood())
	f.Evidence = append(k.evidence(), f.Evidence...)
	f.folds = append(f.folds, idReadinessFailing, idInitRunning, idNotReadyYet, idStartupPending, idSidecarNotStarted)
	if f.Rule == "" {
		f.Rule = "K287"
	}
	return f
}

// forGood says what follows for a pod that goes on without the container (K201, K262).
func (k crash) forGood() string {
	if k.mode != dead || k.c.Type != analyze.AppContainer || !k.v.anyRunning() || k.v.deleting() || k.v.pod.Status.Phase != corev1.PodRunning {
		return ""
	}
	if k.v.pod.Spec.RestartPolicy != corev1.RestartPolicyNever {
		return ""
	}
	return "it is not started again (restartPolicy Never); the pod fails when its other containers have ended"
}

// verb is what the pod does because of the crash.
func (k crash) verb() string {
	switch {
	case k.v.pod.Status.Phase == corev1.PodFailed:
		return "failed"
	case k.c.Type == analyze.InitContainer, k.c.Type == analyze.SidecarContainer && !initializedIsTrue(k.v.pod):
		return "cannot start"
	case k.v.ready():
		return "is ready for now"
	}
	return "is not ready"
}

func (k crash) after() string {
	if k.ran < 0 {
		return ""
	}
	return fmt.Sprintf(" %s after its start", span(k.ran))
}

func (k crash) counted() string {
	n := k.c.restarts()
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("; %s so far", plural(int(n), "restart"))
}

func (k crash) evidence() []Evidence {
	ev := []Evidence{
		k.v.see(k.at+".reason", k.t.Reason).when(k.t.FinishedAt.Time),
		k.v.see(k.at+".exitCode", itoa(k.t.ExitCode)).when(k.t.FinishedAt.Time),
	}
	if k.t.Reason == "" {
		ev = ev[1:]
	}
	return append(ev, k.c.seen("restartCount", itoa(k.c.restarts())))
}

// terminationMessage is what the container left behind, as a sentence part.
func terminationMessage(t *corev1.ContainerStateTerminated) string {
	if strings.TrimSpace(t.Message) == "" || t.Reason == "ContainerStatusUnknown" {
		return ""
	}
	return "its last message: " + shorten(t.Message, 300)
}

func joinDetail(parts ...string) string {
	var out []string
	for _, p := range parts {
		if p != "" {
			out = append(out, p)
		}
	}
	return strings.Join(out, "; ")
}

// lookAtLogs are the actions after any crash.
func (k crash) lookAtLogs() []Action {
	previous := k.c.terminated() == nil // with a current end the plain log is that of the crash
	return []Action{look(k.c.logs(previous), "what the container printed before it ended")}
}
