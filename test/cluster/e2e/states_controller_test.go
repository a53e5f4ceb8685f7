package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/test/cluster/testkit"
)

// condition waits with kubectl's own eyes: TYPE/NAME has the condition, True or as in NAME=VALUE.
func condition(subject, name string) func(*testing.T, *testkit.Env, string) string {
	kind, value, found := strings.Cut(name, "=")
	if !found {
		value = "True"
	}
	path := fmt.Sprintf(`{.status.conditions[?(@.type=="%s")].status}`, kind)
	return func(t *testing.T, e *testkit.Env, ns string) string {
		if got := e.Kubectl(t, "get", "-n", ns, subject, "-o", "jsonpath="+path); got != value {
			return fmt.Sprintf("condition %s of %s is %q", kind, subject, got)
		}
		return ""
	}
}

// eventSays waits for an event with the reason.
func eventSays(reason string) func(*testing.T, *testkit.Env, string) string {
	return func(t *testing.T, e *testkit.Env, ns string) string {
		got := e.Kubectl(t, "get", "-n", ns, "events", "-o", "jsonpath={.items[*].reason}")
		if !strings.Contains(got, reason) {
			return fmt.Sprintf("no event %s among %q", reason, got)
		}
		return ""
	}
}

func job(spec, containers string) string {
	return `apiVersion: batch/v1
kind: Job
metadata: {name: batch}
spec:
` + spec + `  template:
    spec:
      restartPolicy: Never
      terminationGracePeriodSeconds: 1
      containers:
` + strings.ReplaceAll("\n"+containers, "\n  ", "\n      ")[1:]
}

func controllerStates() []state {
	return []state{
		{
			name: "healthy",
			manifest: deployment(2, "", sleeps, "", "") + `
---
{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {selector: {app: web}, ports: [{port: 80}]}}`,
			settled: condition("deployment/web", "Available"), subject: "deployment/web", severity: well(), never: []string{"crash", "oom"},
		},
		{
			name:     "rollout-stuck",
			manifest: deployment(2, "  progressDeadlineSeconds: 5\n", sleeps, "", ""),
			settled:  condition("deployment/web", "Available"),
			act: func(t *testing.T, e *testkit.Env, ns string) {
				e.Kubectl(t, "set", "image", "-n", ns, "deployment/web", "app=registry.test/absent:2")
				testkit.Eventually(t, "the rollout to be given up", testkit.Limit, func() string {
					return condition("deployment/web", "Progressing=False")(t, e, ns)
				})
			},
			after: []string{"ErrImageNeverPull"}, subject: "deployment/web", severity: bad(),
			mention: [][]string{{"registry.test/absent:2"}, {"rollout", "progress", "deadline"}},
		},
		{
			name: "quota",
			manifest: `{apiVersion: v1, kind: ResourceQuota, metadata: {name: few}, spec: {hard: {pods: "1"}}}
---
` + deployment(3, "", sleeps, "", ""),
			settled: eventSays("FailedCreate"), subject: "deployment/web", severity: notWell(), mention: [][]string{{"quota"}, {"pods"}}, never: []string{"oom"},
		},
		{
			name: "budget-blocks",
			manifest: deployment(1, "", sleeps, "", "") + `
---
{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: web}, spec: {maxUnavailable: 0, selector: {matchLabels: {app: web}}}}`,
			settled: condition("deployment/web", "Available"), subject: "deployment/web",
			severity: []string{"info", "warning", "ok"}, mention: [][]string{{"disruption", "pdb", "budget"}}, never: []string{"crash"},
		},
		{
			name:     "job-gives-up",
			manifest: job("  backoffLimit: 1\n", box("app", `[sh, -c, "exit 4"]`, "")),
			settled:  condition("job/batch", "Failed"), subject: "job/batch", severity: bad(),
			mention: [][]string{{"backoff", "back-off"}, {"code 4", "exit 4", "exited with 4"}},
		},
		{
			name:     "job-legacy-sidecar",
			manifest: job("", box("app", `["true"]`, "")+box("proxy", sleeps, "")),
			status:   []string{"NotReady"}, subject: "job/batch", severity: notWell(), mention: [][]string{{"proxy"}},
		},
		{
			name:     "job-done",
			manifest: job("", box("app", `["true"]`, "")),
			settled:  condition("job/batch", "Complete"), subject: "job/batch", severity: well(), never: []string{"oom"},
		},
		{
			name:     "job-suspended",
			manifest: job("  suspend: true\n", box("app", `["true"]`, "")),
			settled:  condition("job/batch", "Suspended"), subject: "job/batch", severity: []string{"info", "warning", "ok"}, mention: [][]string{{"suspend"}},
		},
		{
			name: "statefulset-stuck",
			manifest: `apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  serviceName: db
  replicas: 3
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec:
      containers: [{name: app, image: "registry.test/absent:3", imagePullPolicy: Never}]`,
			status: []string{"ErrImageNeverPull"}, subject: "statefulset/db", severity: bad(), mention: [][]string{{"db-0"}, {"registry.test/absent:3"}},
		},
		{
			name:     "deployment-paused",
			manifest: deployment(1, "  paused: true\n", sleeps, "", ""),
			settled:  condition("deployment/web", "Progressing=Unknown"), subject: "deployment/web",
			severity: []string{"info", "warning", "ok"}, mention: [][]string{{"paused"}},
		},
	}
}
