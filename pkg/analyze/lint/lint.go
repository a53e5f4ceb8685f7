package lint

import (
	"cmp"
	"runtime"
	"slices"
	"sync"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// Run checks every object of the snapshot with every rule that the
// configuration leaves on. The report is the same for the same input, however
// many processors work on it.
func Run(s *analyze.Snapshot, rules []*analyze.Rule, cfg Config) *analyze.Report {
	r := newRun(s, rules, cfg)
	objects := r.subjects()
	results := make([]judgement, len(objects))
	forEach(len(objects), func(i int) { results[i] = r.judge(objects[i]) })
	report := &analyze.Report{
		APIVersion: analyze.APIVersion, Kind: "Report",
		Findings: []analyze.Finding{}, Skipped: []analyze.Skip{}, Errors: []analyze.InputError{}, Gaps: s.Gaps,
	}
	for _, j := range results {
		report.Findings = append(report.Findings, j.findings...)
	}
	r.cfg.Baseline.mute(report.Findings)
	slices.SortStableFunc(report.Findings, compare)
	report.Gaps = append(slices.Clip(report.Gaps), r.partialGaps()...)
	report.Skipped = append(report.Skipped, r.skips(results)...)
	report.Counts = count(s.Objects(), report.Findings)
	for _, rule := range r.rules {
		report.Rules = append(report.Rules, rule.Info())
	}
	return report
}

// forEach calls work for 0..n-1 on all processors, a batch of neighbours at a
// time so that small objects do not pay for hand-overs.
func forEach(n int, work func(int)) {
	const batch = 16
	next := make(chan int)
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), n/batch+1) {
		wg.Go(func() {
			for start := range next {
				for i := start; i < min(start+batch, n); i++ {
					work(i)
				}
			}
		})
	}
	for start := 0; start < n; start += batch {
		next <- start
	}
	close(next)
	wg.Wait()
}

type run struct {
	snapshot *analyze.Snapshot
	cfg      Config
	all      []*analyze.Rule // that exist
	rules    []*analyze.Rule // that are on
	byID     map[string]*analyze.Rule
	byKind   map[schema.GroupKind][]*analyze.Rule
	general  []*analyze.Rule // for all kinds
	peers    *peers
	partial  map[*analyze.Object]bool
	complete bool // the input is all there is
	// words remembers which files hold which words.
	words sync.Map
	mixed bool // it holds objects that no server has seen
}

func newRun(s *analyze.Snapshot, rules []*analyze.Rule, cfg Config) *run {
	r := &run{
		snapshot: s, cfg: cfg, all: rules, byID: map[string]*analyze.Rule{},
		byKind: map[schema.GroupKind][]*analyze.Rule{}, partial: map[*analyze.Object]bool{},
	}
	for _, o := range s.Objects() {
		if partial(o) {
			r.partial[o] = true
		}
		r.mixed = r.mixed || !o.Recorded()
	}
	r.complete = s.Sees(schema.GroupKind{}, "") // nothing lists the kind without a name
	r.peers = newPeers(s, r.partial, r.complete)
	for _, rule := range rules {
		if cfg.off(rule) || (rule.Since > 0 && !s.Version.AtLeast(rule.Since)) {
			continue
		}
		r.rules = append(r.rules, rule)
		r.byID[rule.ID] = rule
		switch {
		case rule.Check == nil:
		case rule.Kinds == nil:
			r.general = append(r.general, rule)
		default:
			for _, k := range rule.Kinds {
				r.byKind[k] = append(r.byKind[k], rule)
			}
		}
	}
	return r
}

// subjects are the objects that people write. What a controller made from
// another object of the input repeats the mistakes of its owner.
func (r *run) subjects() []*analyze.Object {
	all := r.cfg.Subjects
	if all == nil {
		all = r.snapshot.Objects()
	}
	var out []*analyze.Object
	for _, o := range all {
		if owner, _, _ := r.snapshot.Controller(o); owner != nil || r.cfg.excluded(o.File) {
			continue
		}
		out = append(out, o)
	}
	return out
}

// A judgement is what the rules say about one object.
type judgement struct {
	findings []analyze.Finding
	unseen   []unseen
}

type unseen struct {
	rule *analyze.Rule
	kind schema.GroupKind
}

func (r *run) judge(o *analyze.Object) judgement {
	var j judgement
	pass := r.newPass(o)
	specific := r.byKind[o.GroupKind()]
	podless := holdsPods(o.GroupKind()) && !pass.IsPod // of a version that is gone, or too broken to be read
	for _, list := range [2][]*analyze.Rule{r.general, specific} {
		for _, rule := range list {
			if (podless && rule.Kinds != nil && !rule.Podless) || !r.concerns(rule, o) {
				continue
			}
			pass.Rule = rule
			if kind, missing := r.unseen(rule, o); missing {
				if rule.Applies != nil && !rule.Applies(pass) {
					continue
				}
				j.unseen = append(j.unseen, unseen{rule, kind})
				continue
			}
			rule.Check(pass)
		}
	}
	muter := newMuter(r, o)
	for _, d := range pass.Drafts {
		f := r.finish(d)
		f.Suppressed = muter.mute(&f)
		j.findings = append(j.findings, f)
	}
	for _, d := range muter.complaints() {
		j.findings = append(j.findings, r.finish(d))
	}
	return j
}

// concerns says whether the rule judges objects such as this one: observed, or
// only a part.
func (r *run) concerns(rule *analyze.Rule, o *analyze.Object) bool {
	return (!rule.SkipRecorded || !o.Recorded()) && (!r.partial[o] || rule.Partial)
}

func holdsPods(gk schema.GroupKind) bool {
	switch gk {
	case analyze.KindPod, analyze.KindRC, analyze.KindDeployment, analyze.KindReplicaSet,
		analyze.KindStatefulSet, analyze.KindDaemonSet, analyze.KindJob, analyze.KindCronJob:
		return true
	}
	return false
}

func (r *run) newPass(o *analyze.Object) *analyze.Pass {
	pass := &analyze.Pass{Snapshot: r.snapshot, Object: o}
	if t, ok := analyze.PodTemplateOf(o.API); ok {
		pass.Pod, pass.IsPod, pass.Containers = t, true, t.Containers()
	}
	pass.Find = func(gk schema.GroupKind, name string) *analyze.Object { return r.peers.named(gk, name, o) }
	pass.Autoscalers = func(kind, name string) []*analyze.Object { return r.peers.scaling(kind, name, o) }
	pass.Services = sync.OnceValue(func() []*analyze.Object { return r.peers.selecting(&r.peers.services, o, pass) })
	pass.Budgets = sync.OnceValue(func() []*analyze.Object { return r.peers.selecting(&r.peers.budgets, o, pass) })
	pass.Mentions = func(words ...string) bool { return r.mentions(o, words...) }
	pass.Sees = func(gk schema.GroupKind) bool { return r.sees(gk, o.Namespace) }
	pass.Selected = func(sel labels.Selector) []*analyze.Object { return r.peers.selected(sel, o) }
	pass.Peers = func(gk schema.GroupKind) []*analyze.Object { return r.peers.of(gk, o) }
	pass.Ingresses = func(service string) []*analyze.Object { return r.peers.leadingTo(service, o) }
	pass.MadeByCustom = func(sel labels.Selector) bool { return r.peers.customs[o.Namespace].mayMake(sel) }
	pass.Param = func(name string) int { return r.cfg.param(pass.Rule, name) }
	return pass
}

func (r *run) unseen(rule *analyze.Rule, o *analyze.Object) (schema.GroupKind, bool) {
	for _, gk := range rule.Needs {
		if !r.sees(gk, o.Namespace) {
			return gk, true
		}
	}
	return schema.GroupKind{}, false
}

// sees is Snapshot.Sees, except that one recorded file among others tells
// nothing about the objects of the others.
func (r *run) sees(gk schema.GroupKind, namespace string) bool {
	if r.mixed && !r.complete {
		return false
	}
	return r.snapshot.Sees(gk, namespace)
}

// finish turns a draft into a finding: with its place, its source lines and the
// severity that the configuration wants.
func (r *run) finish(d *analyze.Draft) analyze.Finding {
	f := analyze.Finding{
		Rule: d.Rule.ID, Name: d.Rule.Name, Title: d.Rule.Title,
		Severity: r.cfg.severity(d), Object: d.Object.Ref, Container: d.Container,
		Path: d.Path.String(), Position: d.Pos, Message: d.Message, Help: d.Help, Edits: d.Fixes,
	}
	if d.Path == nil {
		f.Path = ""
	}
	if f.IsZero() {
		f.Position, _ = d.Object.At(d.Path)
	}
	lines := newExcerpt()
	lines.add(d.Object, f.Position)
	for _, reason := range d.Reasons {
		pos, _ := reason.Object.At(reason.Path)
		if pos.IsZero() {
			pos.File = reason.Object.File
		}
		f.Related = append(f.Related, analyze.Related{Position: pos, Message: reason.Message})
		lines.add(reason.Object, pos)
	}
	f.Excerpt = lines.lines
	return f
}

func compare(a, b analyze.Finding) int {
	return cmp.Or(
		cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column),
		cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Object.Namespace, b.Object.Namespace),
		cmp.Compare(a.Object.Kind, b.Object.Kind), cmp.Compare(a.Object.Name, b.Object.Name),
		cmp.Compare(a.Path, b.Path), cmp.Compare(a.Message, b.Message),
	)
}
