package render

import (
	"math"
	"strings"
	"time"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

func ptr[T any](v T) *T { return &v }

func at(line, column, end int) *analyze.Position {
	return &analyze.Position{File: "web.yaml", Line: line, Column: column, EndLine: line, EndColumn: end}
}

func bounds(e, l, m float64) analyze.Bounds { return analyze.Bounds{Earliest: e, Likely: l, Latest: m} }

var sampleTime = time.Date(2026, 11, 21, 18, 54, 31, 0, time.UTC)

// shopTimeline is the pod of the mock-ups: a hook, an application that takes an
// unknown time to stop, and a sidecar.
func shopTimeline() *analyze.Timeline {
	return &analyze.Timeline{
		APIVersion: analyze.APIVersion, Kind: "Timeline", Question: analyze.Termination, KubernetesVersion: "1.36",
		Subject: analyze.Ref{APIVersion: "v1", Kind: "Pod", Namespace: "shop", Name: "web-6c9f7d-x2x7k"},
		Trigger: analyze.Trigger{Type: "delete", GracePeriodSeconds: ptr[int64](30), GraceBasis: analyze.Default},
		Events: []analyze.Event{
			{ID: "app/preStop/start", Type: analyze.PreStopStarted, Container: "app", At: analyze.At(0), Basis: analyze.Written, Rule: "K20", Position: at(24, 15, 17)},
			{ID: "app/preStop/end", Type: analyze.PreStopFinished, Container: "app", At: bounds(10, 10, 10.2), Basis: analyze.Written, Position: at(24, 15, 17), Because: []string{"app/preStop/start"}},
			{ID: "app/term", Type: analyze.SignalSent, Container: "app", At: bounds(10, 10, 10.3), Signal: "TERM", Basis: analyze.Default, Because: []string{"app/preStop/end"}},
			{ID: "app/exit", Type: analyze.ContainerExited, Container: "app", At: bounds(10, 15, 30.5), ExitCodes: []int32{143, 137}, Basis: analyze.Assumed, Because: []string{"app/term"}},
			{ID: "gone", Type: analyze.PodRemoved, At: bounds(10, 16, 32), Basis: analyze.Assumed, Because: []string{"app/exit"}},
		},
		Spans: []analyze.Span{
			{ID: "s-ep", Lane: "EndpointSlice", What: "out of rotation", Start: analyze.At(0), End: bounds(0, 1, 5), Kind: analyze.SpanTraffic, Basis: analyze.Assumed, Flag: "--assume defaults.endpointLag=1s"},
			{ID: "s-pre", Lane: "app", What: "preStop sleep", Start: analyze.At(0), End: bounds(10, 10, 10.2), Kind: analyze.SpanHook, Basis: analyze.Written, Position: at(24, 15, 17), Field: "spec.containers[0].lifecycle.preStop.sleep.seconds"},
			{ID: "s-term", Lane: "app", What: "SIGTERM", Start: bounds(10, 10, 10.3), End: bounds(10, 10, 10.3), Kind: analyze.SpanSignal, Basis: analyze.Default},
			{ID: "s-stop", Lane: "app", What: "shutting down", Start: bounds(10, 10, 10.3), End: bounds(10, 15, 30), Kind: analyze.SpanStopping, Basis: analyze.Assumed, Flag: "--assume app.stop=5s"},
			{ID: "s-term2", Lane: "istio-proxy", What: "SIGTERM", Start: bounds(10, 15, 30), End: bounds(10, 15, 30), Kind: analyze.SpanSignal, Basis: analyze.Assumed},
			{ID: "s-stop2", Lane: "istio-proxy", What: "shutting down", Start: bounds(10, 15, 30), End: bounds(10, 16, 30), Kind: analyze.SpanStopping, Basis: analyze.Inferred, Flag: "--assume istio-proxy.stop=1s"},
			{ID: "s-kill", Lane: "pod", What: "SIGKILL", Start: analyze.At(30), End: analyze.At(30), Kind: analyze.SpanKill, Basis: analyze.Default, NotReached: true},
		},
		Verdict: analyze.Verdict{
			Headline:      "gone after 16s; SIGKILL would come at 30s; 14s to spare",
			ProcessesGone: ptr(bounds(10, 16, 30)), ObjectGone: ptr(bounds(10, 16, 32)), SlackSeconds: ptr(14.0),
			Advice: []analyze.Advice{{Summary: "nothing has to change as long as app stops within 19s", Arithmetic: "30s grace - 10s preStop - 1s istio-proxy = 19s", Field: "spec.terminationGracePeriodSeconds"}},
		},
		CriticalChain: []string{"s-pre", "s-stop", "s-stop2", "gone"},
		Assumptions: []analyze.Assumption{
			{Container: "app", Key: "stop", Value: "5s", Basis: analyze.Assumed, Why: "neither the manifest nor the image says how long it takes to stop", Flag: "--assume app.stop=5s"},
			{Container: "istio-proxy", Key: "stop", Value: "1s", Basis: analyze.Inferred, Why: "known of this image", Flag: "--assume istio-proxy.stop=1s"},
		},
		Containers: []analyze.LaneInfo{{Name: "EndpointSlice", Type: "traffic"}, {Name: "app", Type: "app"}, {Name: "istio-proxy", Type: "sidecar"}, {Name: "pod", Type: "pod"}},
		Gaps:       []analyze.Gap{{What: "which Services select the pod", Why: "listing services in \"shop\" is forbidden"}},
	}
}

// killedTimeline has a hook that outlives the grace period.
func killedTimeline(grace float64) *analyze.Timeline {
	tl := shopTimeline()
	tl.Trigger.GracePeriodSeconds, tl.Trigger.GraceBasis = ptr(int64(grace)), analyze.Written
	tl.Spans = []analyze.Span{
		{ID: "s-pre", Lane: "app", What: "preStop hook", Start: analyze.At(0), End: bounds(grace, grace, grace+0.5), Kind: analyze.SpanHook, Basis: analyze.Written, Position: at(24, 15, 17), Note: "cut short"},
		{ID: "s-term", Lane: "app", What: "SIGTERM", Start: analyze.At(grace), End: analyze.At(grace), Kind: analyze.SpanSignal, Basis: analyze.Default},
		{ID: "s-stop", Lane: "app", What: "shutting down", Start: analyze.At(grace), End: analyze.At(grace + 2), Kind: analyze.SpanStopping, Basis: analyze.Written},
		{ID: "s-kill", Lane: "app", What: "SIGKILL", Start: analyze.At(grace + 2), End: bounds(grace+2, grace+2, grace+2.5), Kind: analyze.SpanKill, Basis: analyze.Default},
	}
	tl.Containers = []analyze.LaneInfo{{Name: "app", Type: "app"}}
	tl.Verdict = analyze.Verdict{
		Headline: "app is killed", Killed: []string{"app"}, ObjectGone: ptr(analyze.At(grace + 2)), SlackSeconds: ptr(-2.0),
		Advice: []analyze.Advice{{Summary: "set terminationGracePeriodSeconds to 45", Arithmetic: "40s preStop + 5s stop = 45s"}},
	}
	tl.CriticalChain = []string{"s-pre", "s-stop"}
	tl.Assumptions, tl.Gaps, tl.Events = nil, nil, nil
	return tl
}

// manyTimeline has twelve containers with the longest names there are.
func manyTimeline() *analyze.Timeline {
	tl := shopTimeline()
	tl.Spans, tl.Containers, tl.CriticalChain, tl.Assumptions = nil, nil, nil, nil
	for i := range 12 {
		name := strings.Repeat(string(rune('a'+i)), 63)
		start := float64(i)
		tl.Containers = append(tl.Containers, analyze.LaneInfo{Name: name, Type: "app"})
		id := "s" + name[:1]
		tl.Spans = append(tl.Spans,
			analyze.Span{ID: id, Lane: name, What: "shutting down", Start: analyze.At(start), End: bounds(start+1, start+2, math.Inf(1)), Kind: analyze.SpanStopping, Basis: analyze.Assumed, Flag: "--assume " + name + ".stop=2s"})
		tl.CriticalChain = append(tl.CriticalChain, id)
	}
	tl.Events, tl.Gaps = nil, nil
	return tl
}

// longTimeline has a grace period of a day of which seconds are used.
func longTimeline() *analyze.Timeline {
	tl := shopTimeline()
	tl.Trigger.GracePeriodSeconds = ptr[int64](86400)
	for i := range tl.Spans {
		s := &tl.Spans[i]
		if s.End.Latest == 30 {
			s.End.Latest = 86400
		}
		if s.Kind == analyze.SpanKill {
			s.Start, s.End = analyze.At(86400), analyze.At(86400)
		}
	}
	tl.Verdict.Headline = "gone after 16s; SIGKILL would come after 24h"
	return tl
}

// liveTimeline is a pod that is being deleted.
func liveTimeline() *analyze.Timeline {
	tl := shopTimeline()
	tl.Now = ptr(12.0)
	return tl
}

// restartTimeline has back-offs, and a first start that may not happen.
func restartTimeline() *analyze.Timeline {
	tl := &analyze.Timeline{
		APIVersion: analyze.APIVersion, Kind: "Timeline", Question: analyze.Restart, KubernetesVersion: "1.36",
		Subject: analyze.Ref{APIVersion: "apps/v1", Kind: "Deployment", Name: "api"}, Trigger: analyze.Trigger{Type: "create"},
		Containers: []analyze.LaneInfo{{Name: "api", Type: "app"}},
		Verdict: analyze.Verdict{
			Headline: "down 98% of the first 15m", DownFraction: ptr(0.98),
			Budgets: []analyze.ProbeBudget{{Container: "api", Probe: "livenessProbe", Budget: ptr(bounds(25, 30, 35)), Detection: ptr(bounds(20, 25, 31)), Why: "3 failures, 10s apart"}},
		},
	}
	now := 1.0
	for i, wait := range []float64{10, 20, 40, 80, 160, 300} {
		tl.Spans = append(tl.Spans,
			analyze.Span{ID: "run" + string(rune('1'+i)), Lane: "api", What: "runs", Start: analyze.At(now), End: analyze.At(now + 2), Kind: analyze.SpanRunning, Basis: analyze.Written},
			analyze.Span{ID: "wait" + string(rune('1'+i)), Lane: "api", What: "back-off", Start: analyze.At(now + 2), End: bounds(now+2+wait, now+2+wait, now+3+wait), Kind: analyze.SpanBackoff, Basis: analyze.Default})
		now += 2 + wait
	}
	return tl
}

func sampleTimelines() map[string]*analyze.Timeline {
	return map[string]*analyze.Timeline{
		"shop": shopTimeline(), "killed": killedTimeline(30), "grace-1s": killedTimeline(1), "many": manyTimeline(),
		"long": longTimeline(), "live": liveTimeline(), "restarts": restartTimeline(),
	}
}

func excerpt(file string, first int, text string) []analyze.SourceLine {
	var out []analyze.SourceLine
	for i, l := range strings.Split(text, "\n") {
		out = append(out, analyze.SourceLine{File: file, Number: first + i, Text: l})
	}
	return out
}

func pos(file string, line, column, end int) analyze.Position {
	return analyze.Position{File: file, Line: line, Column: column, EndLine: line, EndColumn: end}
}

func sampleReport() *analyze.Report {
	web := analyze.Ref{APIVersion: "apps/v1", Kind: "Deployment", Name: "web"}
	api := analyze.Ref{APIVersion: "apps/v1", Kind: "Deployment", Namespace: "shop", Name: "api"}
	source := append(excerpt("deploy/web.yaml", 8, "      terminationGracePeriodSeconds: 30"),
		excerpt("deploy/web.yaml", 13, "            exec: {command: [sleep, \"40\"]}\n          livenessProbe: {httpGet: {path: /, port: 80}, timeoutSeconds: 1, initialDelaySeconds: 1, periodSeconds: 2, failureThreshold: 1}")...)
	return &analyze.Report{
		APIVersion: analyze.APIVersion, Kind: "Report",
		Findings: []analyze.Finding{
			{
				Rule: "KL101", Name: "prestop-outlives-grace", Severity: analyze.Error, Object: web, Container: "app",
				Path: "spec.template.spec.containers[0].lifecycle.preStop.exec", Position: pos("deploy/web.yaml", 13, 19, 43),
				Title: "the preStop hook needs longer than the grace period", Message: "this hook sleeps 40s",
				Help:    "raise terminationGracePeriodSeconds above 40, or sleep less",
				Related: []analyze.Related{{Position: pos("deploy/web.yaml", 8, 38, 40), Message: "the pod is killed after 30s"}},
				Excerpt: source,
			},
			{
				Rule: "KL210", Name: "liveness-hasty", Severity: analyze.Warning, Object: web, Container: "app",
				Path: "spec.template.spec.containers[0].livenessProbe.failureThreshold", Position: pos("deploy/web.yaml", 14, 131, 132),
				Title: "one slow answer restarts the container", Message: "a single failure is enough: the first answer that takes longer than 1s kills the container, with all requests it is working on",
				Help: "let it fail three times:\n  failureThreshold: 3", Excerpt: source,
			},
			{
				Rule: "KL203", Name: "no-readiness", Severity: analyze.Warning, Object: api, Container: "api",
				Path: "spec.template.spec.containers[0]", Position: pos("deploy/api.yaml", 21, 11, 14),
				Title: "nothing keeps traffic away until the container is ready", Message: "no readinessProbe",
				Help:    "add a readinessProbe, or say why not:\n# lifecycle: ignore KL203 -- batch consumer, no Service",
				Related: []analyze.Related{{Position: pos("deploy/service.yaml", 4, 3, 9), Message: "this Service sends requests to it"}},
				Excerpt: append(excerpt("deploy/api.yaml", 21, "\t- name: api\t# 日本語"), excerpt("deploy/service.yaml", 4, "  name: api")...),
			},
			{
				Rule: "KL401", Name: "budget-blocks", Severity: analyze.Warning, Object: api, Path: "spec.replicas",
				Title: "the budget never allows a disruption", Message: "minAvailable 1 with 1 replica", Help: "use maxUnavailable: 1",
			},
			{
				Rule: "KL110", Name: "stop-signal", Severity: analyze.Info, Object: web, Path: "spec", Position: pos("deploy/web.yaml", 8, 7, 20),
				Title: "the stop signal is not written", Message: "unknown", Excerpt: source,
			},
			{
				Rule: "KL203", Name: "no-readiness", Severity: analyze.Warning, Object: web, Path: "spec", Position: pos("deploy/web.yaml", 8, 7, 20),
				Title: "nothing keeps traffic away until the container is ready", Message: "no readinessProbe",
				Suppressed: &analyze.Suppression{Reason: "batch consumer", Kind: "comment"},
			},
		},
		Skipped: []analyze.Skip{
			{Rule: "KL301", Why: "no PodDisruptionBudget in the input"},
			{Rule: "KL302", Why: "no PodDisruptionBudget in the input"},
			{Rule: "KL310", Why: "no Service in the input"},
		},
		Counts: analyze.Counts{Files: 9, Documents: 14, Objects: 14, Error: 1, Warning: 3, Info: 1, Suppressed: 1},
		Errors: []analyze.InputError{{
			Position: pos("deploy/bad.yaml", 3, 1, 2), Message: "a tab indents this line; YAML wants blanks",
			Help: "show tabs   cat -A deploy/bad.yaml",
		}},
	}
}

func sampleComparisons() []*analyze.Comparison {
	after := shopTimeline()
	after.Spans[6].Start, after.Spans[6].End = analyze.At(60), analyze.At(60)
	after.Events[3].At = bounds(10, 15, 60.5)
	after.Events = append(after.Events, analyze.Event{ID: "new", Type: analyze.EndpointNotReady, At: analyze.At(1), Basis: analyze.Assumed})
	after.Verdict.Headline = "gone after 16s; SIGKILL would come at 60s; 44s to spare"
	return []*analyze.Comparison{analyze.Compare("as it is", shopTimeline(), "grace=60", after)}
}

func sampleRules() []*analyze.Rule {
	return []*analyze.Rule{
		{
			ID: "KL101", Name: "prestop-outlives-grace", Title: "the preStop hook needs longer than the grace period", Severity: analyze.Error,
			Params:  []analyze.Param{{Name: "margin", Default: 2, Help: "seconds to keep free"}},
			Sources: []analyze.Citation{{Text: "K33"}, {Text: "container lifecycle hooks", URL: "https://kubernetes.io/docs/concepts/containers/container-lifecycle-hooks/"}},
			Doc:     "The clock of `terminationGracePeriodSeconds` starts when the pod is deleted, not when\nthe hook ends.\n\n## Bad\n\n```yaml\nexec: {command: [sleep, \"40\"]}\n```\n",
		},
		{ID: "KL203", Name: "no-readiness", Title: "nothing keeps traffic away until the container is ready", Severity: analyze.Warning, Sources: []analyze.Citation{{Text: "C250"}}},
	}
}
