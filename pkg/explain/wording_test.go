package explain_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/explain"
)

// TestSentences holds sentences that once contradicted themselves, said the
// wrong thing or frightened people, on recordings of a real cluster.
func TestSentences(t *testing.T) {
	for _, c := range []struct {
		file, subject string
		says, never   []string
	}{
		{"prestop-fails", "pod/web", []string{"the stop signal came at once"}, []string{"may still run", "gets its stop signal"}},
		{"b-minready", "deployment/web", []string{"counts as available"}, []string{"counts as failed"}},
		{"svc", "deployment/web", []string{"counts as failed if no pod becomes ready before"}, nil},
		{"b-quota-sts", "statefulset/db", []string{"does not list them"}, []string{"get pods shows nothing"}},
		{"b-limitrange", "deployment/web", []string{"has 0 of 1 pod: it cannot be created"}, []string{"the rest"}},
		{"b-quota-cpu", "deployment/web", []string{"they cannot be created", `quota \"q\" demands`}, []string{"failed quota: q: must specify requests.cpu for: app: "}},
		{"psa", "deployment/web", []string{"unrestricted capabilities, runAsNonRoot != true, seccompProfile"}, nil},
		{"old-restarts", "pod/web", []string{"was restarted twice"}, []string{"keeps crashing"}},
		{"b-restart-once", "pod/web", []string{"exit code 1, 3s after its start"}, []string{"code 1 3s"}},
		{"oom", "pod/web", []string{"its limit of 24Mi, less than 1s after its start"}, nil},
		{"b-job-indexed", "job/mig", []string{"its index 1 failed"}, []string{"too many"}},
		{"lost", "deployment/web", []string{"pod/web-5f96bbb469-trt4k is deleted: it tolerates"}, []string{"the pod is deleted"}},
		{"lost-term", "deployment/web", nil, []string{".;"}},
		{"cron", "cronjob/tick", []string{"concurrencyPolicy is Forbid"}, []string{"names no time zone"}},
		{"liveness-http", "pod/web", nil, []string{"initial delay of 0s"}},
		{"init-wait", "pod/web", []string{`(\"sh -c until nslookup mydb; do sleep 2; done\")`, "are started only after it"}, nil},
		{"in-grace", "pod/web", []string{"Services send nothing new to it", "it has no init containers", "its whole grace period of 1m40s"}, []string{"1m40s of its", "Services send traffic to it"}},
		{"b-readiness-timeout", "pod/web", []string{"exec sh -c sleep 5"}, nil},
		{"readiness-fail", "deployment/web", []string{"httpGet :8080/ready"}, nil},
		{"ds", "daemonset/agent", []string{"ready): pod/agent-9txp2: it requests 64 cpu"}, nil},
		{"b-sts-rolling", "statefulset/db", []string{"is rolling out (1 of 2 pods ready)"}, []string{"is not ready ("}},
		{"c-lost-and-deleted", "deployment/web", []string{"node1 is not ready either", "kubectl describe node node1"}, nil},
		{"c-lost-and-deleted", "daemonset/agent", []string{"node node1 does not report any more"}, []string{"(0 of 0"}},
		{"c-image-quiet-events", "pod/web", []string{"it failed at once since the last try that an event tells of"}, nil},
		{"rollout-stuck", "deployment/web", []string{"app=IMAGE"}, []string{"app=…"}},
	} {
		t.Run(c.file, func(t *testing.T) {
			folder := "testdata/real/"
			switch c.file {
			case "oom", "init-wait", "readiness-fail", "rollout-stuck":
				folder = "../../testdata/cluster/"
			}
			res := readSnapshot(t, folder+c.file+".yaml", time.Time{})
			x := explain.Explain(res.Snapshot, subjectOf(t, res.Snapshot, c.subject), explain.Options{})
			var b strings.Builder
			enc := json.NewEncoder(&b)
			enc.SetEscapeHTML(false)
			if err := enc.Encode(x); err != nil {
				t.Fatal(err)
			}
			text := b.String()
			for _, s := range c.says {
				if !strings.Contains(text, s) {
					t.Errorf("%q is not said: %s", s, text)
				}
			}
			for _, s := range c.never {
				if strings.Contains(text, s) {
					t.Errorf("%q is said: %s", s, text)
				}
			}
		})
	}
}
