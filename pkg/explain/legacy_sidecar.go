package explain

import (
	"fmt"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// legacySidecar finds a pod that cannot finish because one of its ordinary
// containers goes on after the others have completed (pain 12; K261).
func legacySidecar(v *podView) []finding {
	if v.pod.Spec.RestartPolicy == corev1.RestartPolicyAlways || v.pod.Status.Phase != corev1.PodRunning {
		return nil
	}
	done, running := v.doneAndRunning()
	if len(done) == 0 || len(running) == 0 {
		return nil
	}
	last, r := lastDone(done), running[0]
	since := v.since(last.terminated().FinishedAt.Time)
	f := finding{Reason: Reason{
		ID: idLegacySidecar, Container: r.Name, Severity: analyze.Warning, Certainty: Likely, Rule: "K261",
		Why:     "whether it is meant to end by itself is not in the API",
		Summary: fmt.Sprintf("%s is still running %s after %s completed; the pod cannot finish before it ends", containerNames(running), span(since), containerNames(done)),
		Detail:  "a helper belongs into initContainers with restartPolicy Always (a sidecar): the kubelet stops those when the work is done",
		Evidence: []Evidence{
			last.seen("state.terminated.exitCode", "0").when(last.terminated().FinishedAt.Time),
			r.seen("state.running.startedAt", r.running().StartedAt.UTC().Format(time.RFC3339)),
			v.see("spec.restartPolicy", string(v.pod.Spec.RestartPolicy)),
		},
	}, state: Stuck, folds: []string{idNotReadyYet}}
	if !knownHelper(r) {
		f.Certainty, f.Why = Possible, "it may well have work of its own that takes longer"
		if since < 5*time.Minute {
			f.Severity, f.state = analyze.Info, Progressing
		}
	}
	f.says = fmt.Sprintf("does not finish: %s completed, but %s is still running", containerNames(done), containerNames(running))
	f.actions = []Action{
		look(r.logs(false), "whether it is about to end"),
		change(fmt.Sprintf("kubectl exec %s -c %s%s -- kill 1", shell(v.o.Name), shell(r.Name), v.ns()), "ends the helper by hand, so that the pod can finish"),
	}
	return []finding{f}
}

func lastDone(done []*containerView) *containerView {
	return slices.MaxFunc(done, func(a, b *containerView) int {
		return a.terminated().FinishedAt.Compare(b.terminated().FinishedAt.Time)
	})
}

// doneAndRunning parts the app containers; both are empty where one of them is
// neither.
func (v *podView) doneAndRunning() (done, running []*containerView) {
	for _, c := range v.cs {
		if c.Type != analyze.AppContainer {
			continue
		}
		switch t := c.terminated(); {
		case t != nil && t.ExitCode == 0:
			done = append(done, c)
		case c.running() != nil:
			running = append(running, c)
		default:
			return nil, nil
		}
	}
	return done, running
}

func containerNames(cs []*containerView) string {
	var names []string
	for _, c := range cs {
		names = append(names, c.Name)
	}
	return are(len(cs), "container ", "containers ") + quoted(names, 3)
}

// knownHelper recognises the names and images of usual helper containers.
func knownHelper(c *containerView) bool {
	return containsAny(strings.ToLower(c.Name+" "+c.Image),
		"proxy", "envoy", "istio", "linkerd", "sidecar", "cloudsql", "cloud-sql", "vault", "agent", "fluent", "log", "otel", "dapr", "exporter")
}
