package render

import (
	"fmt"
	"strings"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// A link is one step of the critical chain.
type link struct {
	what   string
	over   float64 // when it is over, seconds
	takes  float64
	source string
	basis  analyze.Basis
}

// links resolves the ids of the critical chain, the last step first.
func links(tl *analyze.Timeline) []link {
	spans := map[string]analyze.Span{}
	for _, s := range tl.Spans {
		spans[s.ID] = s
	}
	events := map[string]analyze.Event{}
	for _, e := range tl.Events {
		events[e.ID] = e
	}
	var out []link
	before := 0.0
	for _, id := range tl.CriticalChain {
		if s, ok := spans[id]; ok {
			out = append(out, link{strings.TrimSpace(s.Lane + " " + s.What), spanEnd(s), spanEnd(s) - spanStart(s), source(s), s.Basis})
			before = spanEnd(s)
		} else if e, ok := events[id]; ok {
			at := likelyOr(e.At)
			out = append(out, link{eventText(e) + stopReason(e), at, max(at-before, 0), eventSource(e, tl.Assumptions), e.Basis})
			before = at
		}
	}
	for i, j := 0, len(out)-1; i < j; i, j = i+1, j-1 {
		out[i], out[j] = out[j], out[i]
	}
	return out
}

func likelyOr(b analyze.Bounds) float64 {
	if b.Likely > 1e300 {
		return b.Earliest
	}
	return b.Likely
}

// eventWords say what happened; %s is the container.
var eventWords = map[analyze.EventType]string{
	analyze.PreStopStarted:         "%s preStop hook starts",
	analyze.PreStopFinished:        "%s preStop hook ends",
	analyze.ContainerExited:        "%s exits",
	analyze.EndpointNotReady:       "endpoint turns not ready",
	analyze.PodRemoved:             "pod gone",
	analyze.PodScheduled:           "pod bound to its node",
	analyze.SandboxReady:           "pod sandbox ready",
	analyze.ContainerStarted:       "%s starts",
	analyze.PostStartFinished:      "%s postStart hook ends",
	analyze.ContainerStartedStatus: "%s is shown as started",
	analyze.ContainerReady:         "%s is ready",
	analyze.PodInitialized:         "pod initialized",
	analyze.ContainersReady:        "all containers ready",
	analyze.PodReady:               "pod ready",
	analyze.BackoffStarted:         "%s waits in back-off",
}

// eventText says in a few words what happened.
func eventText(e analyze.Event) string {
	who := e.Container
	if who == "" {
		who = "pod"
	}
	words := eventWords[e.Type]
	switch {
	case e.Type == analyze.SignalSent:
		return who + " gets SIG" + e.Signal
	case e.Type == analyze.ContainerExited && e.Killed:
		return who + " is killed" + attempt(e)
	case words == "":
		return strings.TrimSpace(who + " " + string(e.Type))
	}
	return strings.Replace(words, "%s", who, 1) + attempt(e)
}

// stopReason says which probe or hook made the kubelet stop a container.
func stopReason(e analyze.Event) string {
	if e.Type != analyze.ContainerExited {
		return ""
	}
	return map[string]string{"K135": ": its startup probe failed", "K139": ": its liveness probe failed", "K124": ": its postStart hook failed"}[e.Rule]
}

func attempt(e analyze.Event) string {
	if e.Attempt > 1 {
		return fmt.Sprintf(" (attempt %d)", e.Attempt)
	}
	return ""
}

// eventSource is where the event's moment comes from.
func eventSource(e analyze.Event, assumptions []analyze.Assumption) string {
	if e.Position != nil && e.Position.Line > 0 {
		return e.Position.String()
	}
	if e.Basis == analyze.Assumed || e.Basis == analyze.Inferred {
		keys := map[analyze.EventType]string{
			analyze.ContainerExited: " stop runs ", analyze.PreStopFinished: " preStop ", analyze.PostStartFinished: " postStart ",
			analyze.ContainerReady: " readyAfter ", analyze.ContainerStartedStatus: " startupAfter ", analyze.SandboxReady: " sandbox ",
			analyze.EndpointNotReady: " endpointLag ",
		}[e.Type]
		for _, a := range assumptions {
			if a.Container == e.Container && strings.Contains(keys, " "+a.Key+" ") && (a.Key != "runs" || a.Value != "never") {
				return strings.TrimSuffix(basisWord(e.Basis, "")+"; "+flagHint(a), "; ")
			}
		}
		return basisWord(e.Basis, "")
	}
	return e.Field
}

// chain draws what the answer's seconds are made of.
func (p *page) chain(tl *analyze.Timeline) {
	steps := links(tl)
	if len(steps) < 2 {
		return
	}
	p.blank()
	title := line{t(strong, "What the "+duration(steps[0].over)+" are made of")}
	hint := line{t(dim, "@ when it is over   + how long it takes")}
	if title.width()+4+hint.width() <= p.columns() {
		p.add(append(title.pad(min(max(44, title.width()+4), p.columns()-hint.width())), hint...))
	} else {
		p.add(title)
		p.add(hint.wrap(p.columns(), 0)...)
	}
	deepest := p.chainDepth(steps)
	heads := make([]line, len(steps))
	column := 0
	for i, s := range steps {
		heads[i] = p.linkHead(min(i, deepest), s)
		column = max(column, heads[i].width()+2)
	}
	column = min(column, p.columns()*3/5)
	for i, s := range steps {
		p.linkLine(heads[i], min(i, deepest), s, column)
	}
}

// chainDepth is the number of steps that are indented further and further: 6, or
// as many as long names leave room for.
func (p *page) chainDepth(steps []link) int {
	longest := 0
	for _, s := range steps {
		longest = max(longest, p.linkHead(0, s).width())
	}
	return min(max((p.columns()-longest)/3, 1), 6)
}

func (p *page) linkHead(depth int, s link) line {
	lead := "  "
	if depth > 0 {
		lead += strings.Repeat("   ", depth-1) + p.g.last
	}
	r := plain
	if s.takes >= shortest {
		r = strong
	}
	out := line{{lead, dim}, t(r, s.what), {" @" + duration(s.over), plain}}
	if s.takes >= shortest {
		out = append(out, piece{" +" + duration(s.takes), accent})
	}
	return out
}

// shortest is how long a step takes, in seconds, before it is worth saying.
const shortest = 0.05

// linkLine puts the source beside the step. Where it does not fit the flag is
// left out, which the list of assumptions has too; else it goes below.
func (p *page) linkLine(head line, depth int, s link, column int) {
	src := line{t(dim, s.source)}
	if s.basis == analyze.Assumed || s.basis == analyze.Inferred {
		src[0].role = warn
	}
	at := max(head.width()+2, column)
	short, _, flagged := strings.Cut(s.source, "; ")
	switch {
	case s.source == "":
		p.add(head.wrap(p.columns(), 5+3*depth)...)
	case at+src.width() <= p.columns():
		p.add(append(head.pad(at), src...))
	case flagged && head.width()+2+width(Escape(short)) <= p.columns():
		src[0] = t(src[0].role, short)
		p.add(append(head.pad(min(at, p.columns()-src.width())), src...))
	default:
		p.add(head.wrap(p.columns(), 5+3*depth)...)
		indent := 2 + 3*depth
		for _, l := range src.wrap(p.columns()-indent, 2) {
			p.add(append(line{{strings.Repeat(" ", indent), plain}}, l...))
		}
	}
}

// budgets lists how long containers may take before a probe kills them.
func (p *page) budgets(list []analyze.ProbeBudget) error {
	if len(list) == 0 {
		return nil
	}
	p.blank()
	p.add(line{t(strong, "What the probes allow")})
	for _, b := range list {
		who := line{{"  ", plain}, t(strong, b.Container), t(plain, " "+b.Probe)}
		var facts []string
		if b.Budget != nil {
			facts = append(facts, "may take "+rangeOf(*b.Budget)+" to come up")
		}
		if b.Detection != nil {
			facts = append(facts, "a dead process is noticed after "+rangeOf(*b.Detection))
		}
		if b.Why != "" {
			facts = append(facts, b.Why)
		}
		p.prose(6, append(who, t(plain, ": "+strings.Join(facts, "; ")))...)
	}
	return nil
}

func rangeOf(b analyze.Bounds) string {
	if b.Width() > jitter && b.Latest < 1e300 {
		return duration(b.Earliest) + " to " + duration(b.Latest)
	}
	return moment(b)
}

// assumptions lists the numbers that nobody wrote, and the flag where it does not
// follow from the key.
func (p *page) assumptions(list []analyze.Assumption) {
	if len(list) == 0 {
		return
	}
	p.blank()
	p.prose(2, t(strong, "What is assumed"), t(dim, "   --assume KEY=VALUE sets it"))
	for _, a := range list {
		key := a.Key
		if a.Container != "" {
			key = a.Container + "." + a.Key
		}
		r := warn
		if a.Basis == analyze.Written {
			r = plain
		}
		l := line{{"  ", plain}, t(strong, key), t(plain, " = "+a.Value), t(r, " ("+strings.ToLower(string(a.Basis))+")")}
		if a.Why != "" {
			l = append(l, t(plain, ": "+a.Why))
		}
		p.prose(4, l...)
		if hint := flagHint(a); a.Basis != analyze.Written && hint != "" && hint != "--assume "+key+"="+a.Value {
			p.command(4, hint)
		}
	}
}

// flagHint is the flag that sets an assumption, where it was not given.
func flagHint(a analyze.Assumption) string {
	if strings.HasPrefix(a.Why, "given by --assume") {
		return ""
	}
	return a.Flag
}

func (p *page) advice(list []analyze.Advice) {
	if len(list) == 0 {
		return
	}
	p.blank()
	p.add(line{t(strong, "What to change")})
	for _, a := range list {
		p.prose(4, piece{"  ", plain}, t(plain, a.Summary))
		if a.Arithmetic != "" {
			p.prose(4, piece{"    ", plain}, t(dim, a.Arithmetic))
		}
		if p.wide() && a.Field != "" {
			p.prose(4, piece{"    ", plain}, t(dim, a.Field))
		}
	}
}

// gaps lists what could not be seen or cannot be known.
func (p *page) gaps(title string, list []analyze.Gap) {
	if len(list) == 0 {
		return
	}
	p.blank()
	p.add(line{t(strong, title)})
	for _, g := range list {
		p.prose(4, gapLine(g)...)
	}
}

func gapLine(g analyze.Gap) line {
	l := line{{"  ", plain}, t(plain, g.What)}
	if g.Why != "" {
		l = append(l, t(plain, ": "), t(dim, g.Why))
	}
	return l
}
