package explain

import (
	"fmt"
	"slices"
	"strings"
	"time"

	batchv1 "k8s.io/api/batch/v1"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// A cronView is a CronJob with its Jobs.
type cronView struct {
	*world
	o    *analyze.Object
	j    *batchv1.CronJob
	jobs []*analyze.Object // newest first
}

func (w *world) explainCronJob(o *analyze.Object, j *batchv1.CronJob) *Explanation {
	x := w.blank(o)
	v := &cronView{world: w, o: o, j: j, jobs: slices.Clone(w.childrenOf(o, analyze.KindJob))}
	slices.SortStableFunc(v.jobs, func(a, b *analyze.Object) int {
		return b.Meta.GetCreationTimestamp().Compare(a.Meta.GetCreationTimestamp().Time)
	})
	fs := fold(v.findings())
	x.apply(fs)
	at, how := v.nextRun()
	if len(fs) == 0 {
		x.State, x.Severity = Healthy, analyze.OK
		x.Headline = fmt.Sprintf("%s is healthy: schedule %q%s", o.Ref, j.Spec.Schedule, v.lastRun())
	}
	if !at.IsZero() {
		x.Outlook = append(x.Outlook, Outlook{What: "the next Job starts" + how, At: between(at, at.Add(100*time.Millisecond), at.Add(2*time.Second)), Rule: "C230", Assumes: v.zoneAssumption(at)})
	}
	refs := []analyze.Ref{o.Ref}
	if len(v.jobs) > 0 {
		refs = append(refs, v.jobs[0].Ref)
	}
	x.Events = w.eventLines(fs, refs...)
	if !w.s.Sees(analyze.KindJob, o.Namespace) && len(v.jobs) == 0 {
		x.Gaps = append(x.Gaps, quiet(analyze.KindJob, o.Namespace))
	}
	return w.finish(x)
}

func (v *cronView) findings() []finding {
	if v.j.DeletionTimestamp != nil {
		return []finding{v.deletingWorkload(v.o, &crew{w: v.world})}
	}
	var fs []finding
	fs = append(fs, v.badSchedule()...)
	if v.j.Spec.Suspend != nil && *v.j.Spec.Suspend {
		fs = append(fs, finding{Reason: Reason{
			ID: idSuspended, Severity: analyze.Info, Certainty: Certain, Rule: "C240",
			Summary:  "it is suspended: no Jobs are started until spec.suspend is false",
			Detail:   "when it is resumed, the newest run that was missed may start at once",
			Evidence: []Evidence{proof(v.o.Ref, "spec.suspend", "true")},
		}, state: Waiting, says: "is suspended: no Jobs are started", actions: []Action{
			change("kubectl patch "+shell("cronjob/"+v.o.Name)+" -p '{\"spec\":{\"suspend\":false}}'"+inNamespace(v.o.Namespace), "lets it run again"),
		}})
		return fs
	}
	fs = append(fs, v.never()...)
	fs = append(fs, v.forbids()...)
	fs = append(fs, v.jobTrouble()...)
	return append(fs, v.missed()...)
}

// badSchedule are events about a schedule that cannot be used (C231, C232, C241).
func (v *cronView) badSchedule() []finding {
	bad := func(what string, ev Evidence) []finding {
		return []finding{{Reason: Reason{
			ID: idCronSchedule, Severity: analyze.Error, Certainty: Certain, Rule: "C231", Summary: what, Evidence: []Evidence{ev},
		}, state: Stuck, says: "cannot run: " + what}}
	}
	s, err := parseCron(v.j.Spec.Schedule)
	if err == nil && s.next(v.now, v.now).IsZero() {
		return bad(fmt.Sprintf("its schedule %q never comes true", v.j.Spec.Schedule), proof(v.o.Ref, "spec.schedule", v.j.Spec.Schedule))
	}
	for _, reason := range []string{"UnparseableSchedule", "UnParseableCronJobSchedule", "InvalidSchedule", "UnknownTimeZone"} {
		e := v.lastEvent(v.o.Ref, reason)
		if e == nil || err == nil && reason != "UnknownTimeZone" && !strings.Contains(e.Message, v.j.Spec.Schedule) {
			continue // or about a schedule that was corrected since
		}
		return bad(shorten(e.Message, 160), event(e))
	}
	if err != nil {
		return bad("its schedule cannot be read: "+err.Error(), proof(v.o.Ref, "spec.schedule", v.j.Spec.Schedule))
	}
	return nil
}

// never is a deadline that excludes every run (C235).
func (v *cronView) never() []finding {
	d := v.j.Spec.StartingDeadlineSeconds
	s, err := parseCron(v.j.Spec.Schedule)
	if d == nil || err != nil {
		return nil
	}
	what := ""
	switch {
	case *d == 0:
		what = "startingDeadlineSeconds 0 makes every run too late"
	case s.every > 0 && time.Duration(*d)*time.Second < s.every:
		what = fmt.Sprintf("startingDeadlineSeconds %d is shorter than its interval, which is counted from then on: no run ever comes due", *d)
	default:
		return nil
	}
	return []finding{{Reason: Reason{
		ID: idCronNever, Severity: analyze.Error, Certainty: Certain, Rule: "C235", Summary: what,
		Evidence: []Evidence{proof(v.o.Ref, "spec.startingDeadlineSeconds", itoa(*d)), proof(v.o.Ref, "spec.schedule", v.j.Spec.Schedule)},
	}, state: Stuck, says: "never starts a Job: " + what}}
}

// forbids is a Job that is still active and keeps the next from starting (pain 29; C237).
func (v *cronView) forbids() []finding {
	if v.j.Spec.ConcurrencyPolicy != batchv1.ForbidConcurrent || len(v.j.Status.Active) == 0 {
		return nil
	}
	e := v.lastEvent(v.o.Ref, "JobAlreadyActive")
	due := v.due(v.now)
	if e == nil && due.IsZero() {
		return nil
	}
	name := v.j.Status.Active[0].Name
	f := finding{Reason: Reason{
		ID: idCronForbids, Severity: analyze.Warning, Certainty: Certain, Rule: "C237",
		Summary: fmt.Sprintf("job/%s is still active, and concurrencyPolicy Forbid skips runs until it is done", name),
		Detail:  "when it ends, the newest run that was missed starts at once",
		Evidence: []Evidence{
			proof(v.o.Ref, "status.active[0].name", name), proof(v.o.Ref, "spec.concurrencyPolicy", "Forbid"),
		},
	}, state: Waiting}
	if e != nil {
		f.Evidence = append(f.Evidence, event(e))
	}
	f.says = fmt.Sprintf("skips runs: job/%s is still active, and concurrencyPolicy is Forbid", name)
	f.actions = []Action{look("kubectl lifecycle explain "+shell("job/"+name)+inNamespace(v.o.Namespace), "why that Job does not end")}
	return []finding{f}
}

// jobTrouble is what is wrong with the active Jobs, or with the last one.
func (v *cronView) jobTrouble() []finding {
	if len(v.jobs) == 0 {
		return nil
	}
	x := v.explain(v.jobs[0])
	if x.Severity < analyze.Warning || len(x.Reasons) == 0 {
		return nil
	}
	r := x.Reasons[0]
	ref := v.jobs[0].Ref
	if r.Object == nil {
		r.Object = &ref
	}
	out := finding{Reason: r, state: Failing, says: fmt.Sprintf("has trouble in its newest Job: %s", x.Headline), actions: x.Actions}
	if x.State == Failed {
		out.Severity, out.says = analyze.Warning, fmt.Sprintf("is scheduled, but its last Job failed: %s", x.Headline)
		last := finding{Reason: Reason{
			ID: idCronLastFailed, Severity: analyze.Warning, Certainty: Certain, Rule: "C203", Object: &ref,
			Summary: fmt.Sprintf("its last Job %s failed", ref.Name), Evidence: r.Evidence,
		}, state: Failing, says: out.says, actions: x.Actions}
		return []finding{last, out}
	}
	return []finding{out}
}

// missed are runs that did not start (pain 29; C233–C235).
func (v *cronView) missed() []finding {
	if e := v.lastEvent(v.o.Ref, "TooManyMissedTimes"); e != nil && v.since(analyze.EventTime(e)) < time.Hour {
		return []finding{{Reason: Reason{
			ID: idCronMissed, Severity: analyze.Warning, Certainty: Certain, Rule: "C234",
			Summary:  "more than 100 runs were missed; the newest one is started all the same",
			Detail:   "the controller was down or the CronJob suspended for long, or its clock jumped",
			Evidence: []Evidence{event(e)},
		}, state: Failing, says: "has missed more than 100 runs"}}
	}
	due := v.due(v.now.Add(-time.Minute)) // the controller needs a moment
	if due.IsZero() || len(v.j.Status.Active) > 0 {
		return nil
	}
	f := finding{Reason: Reason{
		ID: idCronMissed, Severity: analyze.Warning, Certainty: Likely, Rule: "C233",
		Why:     "nothing in the cluster says why",
		Summary: fmt.Sprintf("the run of %s did not start, %s ago", v.local(due).Format("15:04 MST"), span(v.since(due))),
		Evidence: []Evidence{
			proof(v.o.Ref, "spec.schedule", v.j.Spec.Schedule), proof(v.o.Ref, "status.lastScheduleTime", v.lastScheduled()),
		},
	}, state: Failing}
	if v.zone() == nil {
		f.Certainty, f.Severity = Possible, analyze.Info
		f.Why = "the schedule has no time zone: it follows the controller manager's clock"
	}
	if d := v.j.Spec.StartingDeadlineSeconds; d != nil {
		f.Detail = fmt.Sprintf("with startingDeadlineSeconds %d a run that is later than that is dropped silently", *d)
	}
	f.says = "missed a run: " + f.Summary
	return []finding{f}
}

func (v *cronView) lastScheduled() string {
	if t := v.j.Status.LastScheduleTime; t != nil {
		return t.UTC().Format(time.RFC3339)
	}
	return ""
}

// from is the moment from which runs are counted: the last run or the creation (C233).
func (v *cronView) from() time.Time {
	if t := v.j.Status.LastScheduleTime; t != nil {
		return t.Time
	}
	return v.j.CreationTimestamp.Time
}

// due is the newest run that should have started since the last one; zero if
// there is none, or none that counts any more.
func (v *cronView) due(until time.Time) time.Time {
	s, err := parseCron(v.j.Spec.Schedule)
	if err != nil || v.from().IsZero() {
		return time.Time{}
	}
	// The newest is asked for: of a schedule that stood still for long, the last two days tell.
	const recent = 48 * time.Hour
	if v.since(v.from()) > recent {
		if due := v.newestRun(s, v.now.Add(-recent), until); !due.IsZero() {
			return due
		}
	}
	return v.newestRun(s, v.from(), until)
}

// newestRun is the last run of the schedule between two moments; zero if there is none.
func (v *cronView) newestRun(s cronSchedule, after, until time.Time) time.Time {
	var due time.Time
	t := v.local(after)
	for range 3000 { // a run each minute for two days
		t = s.next(v.from(), t)
		if t.IsZero() || t.After(until) {
			return due
		}
		due = t
	}
	return due
}

// zone is the schedule's time zone; nil where it is the controller manager's own.
func (v *cronView) zone() *time.Location {
	if v.j.Spec.TimeZone == nil {
		return nil
	}
	loc, err := time.LoadLocation(*v.j.Spec.TimeZone)
	if err != nil {
		return nil
	}
	return loc
}

func (v *cronView) local(t time.Time) time.Time {
	if z := v.zone(); z != nil {
		return t.In(z)
	}
	return t.UTC()
}

func (v *cronView) zoneAssumption(next time.Time) string {
	if v.zone() == nil && !v.sameEverywhere(next) {
		return "the controller manager runs in UTC (the schedule names no time zone)"
	}
	return ""
}

// sameEverywhere says whether the next run is the same moment in other time
// zones: that of a schedule for every minute or hour is.
func (v *cronView) sameEverywhere(next time.Time) bool {
	s, err := parseCron(v.j.Spec.Schedule)
	if err != nil {
		return false
	}
	for _, minutes := range []int{-8 * 60, 5*60 + 45, 9*60 + 30} {
		if !s.next(v.from(), v.now.In(time.FixedZone("", minutes*60))).Equal(next) {
			return false
		}
	}
	return true
}

func (v *cronView) nextRun() (at time.Time, how string) {
	s, err := parseCron(v.j.Spec.Schedule)
	if err != nil || v.j.Spec.Suspend != nil && *v.j.Spec.Suspend || len(v.never()) > 0 {
		return time.Time{}, ""
	}
	if v.j.Spec.ConcurrencyPolicy == batchv1.ForbidConcurrent && len(v.j.Status.Active) > 0 {
		how = ", if the active one is done by then"
	}
	return s.next(v.from(), v.local(v.now)), how
}

func (v *cronView) lastRun() string {
	if n := len(v.j.Status.Active); n > 0 {
		return ", " + plural(n, "active Job")
	}
	if t := v.j.Status.LastScheduleTime; t != nil {
		return fmt.Sprintf(", last run %s ago", span(v.since(t.Time)))
	}
	return ", no run so far"
}
