package explain

import (
	"fmt"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/duration"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// A Row is what `kubectl get pods` prints for one pod.
type Row struct {
	Ready    string // "1/2"
	Status   string // "CrashLoopBackOff"
	Restarts int32
	// LastRestart is when the newest earlier instance ended; zero if unknown.
	LastRestart time.Time
}

// RestartsCell is the RESTARTS column as kubectl shows it at the moment now:
// "3 (59s ago)" (K345).
func (r Row) RestartsCell(now time.Time) string {
	if r.Restarts == 0 || r.LastRestart.IsZero() {
		return fmt.Sprint(r.Restarts)
	}
	return fmt.Sprintf("%d (%s ago)", r.Restarts, duration.HumanDuration(now.Sub(r.LastRestart)))
}

// PrintPod computes the columns READY, STATUS and RESTARTS as the API server of
// that version prints them (K340–K345;
// pkg/printers/internalversion/printers.go:printPod@v1.36.3).
func PrintPod(pod *corev1.Pod, version analyze.Version) Row {
	p := printer{pod: pod, version: version, total: len(pod.Spec.Containers), status: string(pod.Status.Phase)}
	if pod.Status.Reason != "" {
		p.status = pod.Status.Reason
	}
	for _, c := range pod.Status.Conditions {
		if c.Type == corev1.PodScheduled && c.Reason == corev1.PodReasonSchedulingGated {
			p.status = corev1.PodReasonSchedulingGated
		}
	}
	sidecars := map[string]bool{}
	for i := range pod.Spec.InitContainers {
		if analyze.IsSidecar(&pod.Spec.InitContainers[i]) {
			p.total++
			sidecars[pod.Spec.InitContainers[i].Name] = true
		}
	}
	initializing := p.initContainers(sidecars)
	if !initializing || initializedIsTrue(pod) {
		p.all = p.sidecars
		p.appContainers()
	}
	p.deletion()
	return Row{
		Ready: fmt.Sprintf("%d/%d", p.ready, p.total), Status: p.status,
		Restarts: p.all.count, LastRestart: p.all.last.Time,
	}
}

type printer struct {
	pod          *corev1.Pod
	version      analyze.Version
	status       string
	ready, total int
	all          restartCount // what the RESTARTS column counts
	sidecars     restartCount // those of sidecars only
}

type restartCount struct {
	count int32
	last  metav1.Time
}

func (r *restartCount) add(s *corev1.ContainerStatus) {
	r.count += s.RestartCount
	if t := s.LastTerminationState.Terminated; t != nil && r.last.Before(&t.FinishedAt) {
		r.last = t.FinishedAt
	}
}

// initContainers walks the init containers up to the first that is not done (K341).
func (p *printer) initContainers(sidecars map[string]bool) (initializing bool) {
	for i := range p.pod.Status.InitContainerStatuses {
		s := &p.pod.Status.InitContainerStatuses[i]
		sidecar := sidecars[s.Name]
		p.all.add(s)
		if sidecar {
			p.sidecars.add(s)
		}
		switch t, w := s.State.Terminated, s.State.Waiting; {
		case t != nil && t.ExitCode == 0:
			continue
		case sidecar && s.Started != nil && *s.Started:
			if s.Ready {
				p.ready++
			}
			continue
		case t != nil:
			p.status = "Init:" + terminatedWord(t)
		case w != nil && w.Reason != "" && w.Reason != "PodInitializing":
			p.status = "Init:" + w.Reason
		default:
			p.status = fmt.Sprintf("Init:%d/%d", i, len(p.pod.Spec.InitContainers))
		}
		return true
	}
	return false
}

// appContainers walks the app containers from the last to the first (K342, K343).
func (p *printer) appContainers() {
	running, failure := false, ""
	for i := len(p.pod.Status.ContainerStatuses) - 1; i >= 0; i-- {
		s := &p.pod.Status.ContainerStatuses[i]
		p.all.add(s)
		switch t, w := s.State.Terminated, s.State.Waiting; {
		case w != nil && w.Reason != "":
			p.status = w.Reason
		case t != nil:
			p.status = terminatedWord(t)
			if t.ExitCode != 0 {
				failure = p.status
			}
		case s.Ready && s.State.Running != nil:
			running = true
			p.ready++
		}
	}
	if p.status != "Completed" {
		return
	}
	switch {
	case running && podReady(p.pod):
		p.status = string(corev1.PodRunning)
	case failure != "" && p.version.AtLeast(35):
		p.status = failure
	case running:
		p.status = "NotReady"
	}
}

// deletion applies K344.
func (p *printer) deletion() {
	if p.pod.DeletionTimestamp == nil {
		return
	}
	switch {
	case p.pod.Status.Reason == "NodeLost":
		p.status = "Unknown"
	case !terminal(p.pod) || !p.version.AtLeast(31):
		p.status = "Terminating"
	}
}

func terminatedWord(t *corev1.ContainerStateTerminated) string {
	switch {
	case t.Reason != "":
		return t.Reason
	case t.Signal != 0:
		return fmt.Sprintf("Signal:%d", t.Signal)
	}
	return fmt.Sprintf("ExitCode:%d", t.ExitCode)
}

func terminal(pod *corev1.Pod) bool {
	return pod.Status.Phase == corev1.PodSucceeded || pod.Status.Phase == corev1.PodFailed
}

// podReady says whether any Ready condition is True, as the printer asks.
func podReady(pod *corev1.Pod) bool {
	for _, c := range pod.Status.Conditions {
		if c.Type == corev1.PodReady && c.Status == corev1.ConditionTrue {
			return true
		}
	}
	return false
}

// initializedIsTrue looks at the first Initialized condition, as the printer does.
func initializedIsTrue(pod *corev1.Pod) bool {
	for _, c := range pod.Status.Conditions {
		if c.Type == corev1.PodInitialized {
			return c.Status == corev1.ConditionTrue
		}
	}
	return false
}
