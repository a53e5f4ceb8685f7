package render

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/explain"
)

func stateRole(s explain.State) role {
	switch s {
	case explain.Healthy, explain.Completed:
		return good
	case explain.Failing, explain.Stuck, explain.Failed:
		return bad
	case explain.Waiting, explain.Terminating, explain.Unknown:
		return warn
	case explain.Progressing:
		return accent
	}
	return plain
}

// inside lists the containers: of pods with several that are not well, and all
// with -o wide.
func (p *page) inside(e *explain.Explanation) []line {
	if len(e.Containers) == 0 || len(e.Containers) == 1 && !p.wide() {
		return nil
	}
	var out []line
	for _, c := range e.Containers {
		head := line{t(strong, c.Name)}
		if c.Type != analyze.AppContainer {
			head = append(head, t(plain, " ("+string(c.Type)+")"))
		}
		head = append(head, t(plain, ": "), t(containerRole(c), containerState(c)))
		if p.wide() {
			if c.Since != nil {
				head = append(head, t(plain, ", since "+p.when(*c.Since, e.Taken)))
			}
			head = append(head, t(dim, "; "+c.Meaning))
		}
		out = append(out, head.wrap(p.blockWidth(), 2)...)
		if p.wide() && c.Message != "" {
			out = append(out, line{{"  ", plain}, t(dim, "it says: "+c.Message)}.wrap(p.blockWidth(), 4)...)
		}
	}
	return out
}

func containerRole(c explain.ContainerInfo) role {
	switch {
	case c.Ready, c.State == "terminated" && c.ExitCode != nil && *c.ExitCode == 0:
		return good
	case c.State == "waiting" && c.Reason != "PodInitializing" && c.Reason != "ContainerCreating":
		return bad
	}
	return warn
}

func containerState(c explain.ContainerInfo) string {
	out := c.State
	if c.Reason != "" {
		out += " (" + c.Reason + ")"
	}
	if c.State == "running" && !c.Ready {
		out += ", not ready"
	}
	if c.ExitCode != nil {
		verb := ", last exit code "
		if c.State == "terminated" {
			verb = ", exit code "
		}
		out += verb + fmt.Sprint(*c.ExitCode)
		if c.LastReason != "" && c.LastReason != c.Reason && c.LastReason != "Error" && c.LastReason != "Completed" {
			out += " (" + c.LastReason + ")"
		}
	}
	if c.Restarts > 0 {
		out += ", " + plural(int(c.Restarts), "restart")
	}
	return out
}

// conditions are shown with -o wide.
func (p *page) conditions(e *explain.Explanation) []line {
	if !p.wide() {
		return nil
	}
	var out []line
	for _, c := range e.Conditions {
		r := plain
		if c.Bad {
			r = warn
		}
		l := line{t(strong, c.Type), t(r, " = "+c.Status)}
		if c.Reason != "" {
			l = append(l, t(plain, " ("+c.Reason+")"))
		}
		if c.Since != nil {
			l = append(l, t(plain, ", since "+p.when(*c.Since, e.Taken)))
		}
		l = append(l, t(dim, "; "+c.Meaning))
		out = append(out, l.wrap(p.blockWidth(), 2)...)
		if c.Message != "" {
			out = append(out, line{{"  ", plain}, t(dim, c.Message)}.wrap(p.blockWidth(), 4)...)
		}
	}
	return out
}

// owners is the tree from the root to the subject. A pod that nobody owns has its
// state in other blocks, and a tree of one without a word about it says nothing.
func (p *page) owners(e *explain.Explanation) []line {
	if len(e.Owners) == 1 && (e.Status != "" || e.Owners[0].Summary == "") && e.Owners[0].Object.Same(e.Subject) {
		return nil
	}
	heads := make([]line, len(e.Owners))
	column := 0
	for i, o := range e.Owners {
		lead := ""
		if i > 0 {
			lead = strings.Repeat(" ", 3*(i-1)) + p.g.last
		}
		r := plain
		if o.Missing {
			r = warn
		}
		heads[i] = line{{lead, dim}, t(r, kindName(o.Object))}
		column = max(column, heads[i].width()+2)
	}
	column = min(column, p.blockWidth()*3/5)
	var out []line
	for i, o := range e.Owners {
		text := line{t(stateRole(o.State), o.Summary)}
		if o.Object.Same(e.Subject) {
			text = line{t(dim, p.g.arrow+" this one")}
			if o.Summary != "" && i > 0 {
				text = append(text, t(plain, "; "+o.Summary))
			} else if o.Summary != "" {
				text = line{t(stateRole(o.State), o.Summary)}
			}
		}
		text = append(text, p.missing(o)...)
		head := heads[i]
		if head.width()+2 > column && head.width()+2+text.width() > p.blockWidth() {
			out = append(out, head.wrap(p.blockWidth(), 3*i+2)...)
			head = nil
			indent := 3*i + 2
			out = append(out, under(head, indent, text, p.blockWidth())...)
			continue
		}
		out = append(out, under(head, max(column, head.width()+2), text, p.blockWidth())...)
	}
	return out
}

// missing marks an owner that was not seen, where its summary does not say so.
func (p *page) missing(o explain.Owner) line {
	if !o.Missing || strings.Contains(o.Summary, "not seen") {
		return nil
	}
	return line{t(warn, " (not seen)")}
}

// pods counts the pods of a workload by what they do.
func (p *page) pods(e *explain.Explanation) []line {
	var out []line
	for _, g := range e.Pods {
		head := line{t(strong, fmt.Sprint(g.Count)), {" ", plain}, t(severityRole(g.Severity), g.Status)}
		if g.Revision != "" {
			head = append(head, t(plain, " ("+g.Revision+")"))
		}
		if g.Summary != "" {
			head = append(head, t(plain, ": "+g.Summary))
		}
		if g.Example.Name != "" && g.Severity != analyze.OK {
			head = append(head, t(dim, ", such as "+g.Example.Name))
		}
		out = append(out, head.wrap(p.blockWidth(), 2)...)
	}
	return out
}

func (p *page) effects(e *explain.Explanation) []line {
	var out []line
	for _, f := range e.Effects {
		l := line{t(plain, f.Summary)}
		if f.Severity >= analyze.Warning {
			l[0].role = severityRole(f.Severity)
		}
		if f.Object.Name != "" && !strings.Contains(f.Summary, f.Object.Name) {
			l = append(line{t(plain, kindName(f.Object)+": ")}, l...)
		}
		out = append(out, l.wrap(p.blockWidth(), 2)...)
	}
	return out
}

// outlook is what comes, with its time.
func (p *page) outlook(e *explain.Explanation) []line {
	column := 0
	times := make([]string, len(e.Outlook))
	for i, o := range e.Outlook {
		times[i] = p.outlookTime(o, e.Taken)
		column = max(column, width(Escape(times[i]))+2)
	}
	column = min(column, p.blockWidth()/2)
	var out []line
	for i, o := range e.Outlook {
		text := line{t(plain, o.What)}
		if o.Assumes != "" {
			text = append(text, t(dim, " (assumes: "+o.Assumes+")"))
		}
		head := line{t(strong, times[i])}
		if p.narrow() || head.width()+2 > column {
			out = append(out, append(head, append(line{{"  ", plain}}, text...)...).wrap(p.blockWidth(), 2)...)
			continue
		}
		out = append(out, under(head, column, text, p.blockWidth())...)
	}
	return out
}

func (p *page) outlookTime(o explain.Outlook, now time.Time) string {
	switch {
	case o.At.Earliest.IsZero() && o.Condition != "":
		return o.Condition
	case o.At.Earliest.IsZero():
		return "some time"
	case o.At.Likely == nil && o.At.Latest == nil:
		return "perhaps from " + p.when(o.At.Earliest, now)
	case o.At.Likely == nil:
		return "perhaps by " + p.when(*o.At.Latest, now)
	}
	at := *o.At.Likely
	if o.At.Latest != nil && o.At.Latest.Sub(o.At.Earliest) > 5*time.Second {
		return "about " + p.when(at, now)
	}
	return p.when(at, now)
}

// actions are commands to paste; what they are for is a shell comment.
func (p *page) actions(e *explain.Explanation) []line {
	var out []line
	for i, a := range e.Actions {
		why := a.Why
		if a.Changes {
			why = strings.TrimSuffix(why+"; changes the cluster", "; ")
			why = strings.TrimPrefix(why, "; ")
		}
		command := commandLines(nil, 2, a.Command, p.blockWidth())
		comment := line{t(dim, "# "+why)}
		if why != "" && len(command) == 1 && command[0].width()+2+comment.width() <= p.blockWidth() {
			out = append(out, append(command[0], append(line{{"  ", plain}}, comment...)...))
			continue
		}
		if why != "" {
			if i > 0 && p.wide() {
				out = append(out, nil)
			}
			for j, l := range comment.wrap(p.blockWidth(), 2) {
				if j > 0 {
					l = append(line{{"# ", dim}}, l.cutLeft(2)...)
				}
				out = append(out, l)
			}
		}
		out = append(out, command...)
	}
	return out
}

// cutLeft drops columns from the start of a line.
func (l line) cutLeft(columns int) line {
	_, b := l.split(columns)
	return b
}

// events are shown with -o wide.
func (p *page) events(e *explain.Explanation) []line {
	if !p.wide() {
		return nil
	}
	var out []line
	for _, ev := range e.Events {
		r := plain
		if ev.Type == "Warning" {
			r = warn
		}
		l := line{t(strong, p.when(ev.Last, e.Taken)), {" ", plain}, t(r, ev.Reason)}
		if ev.Count > 1 {
			l = append(l, t(plain, fmt.Sprintf(" (%d times)", ev.Count)))
		}
		if !ev.Object.Same(e.Subject) {
			l = append(l, t(plain, " "+ev.Object.String()))
		}
		out = append(out, append(l, t(plain, ": "+ev.Message)).wrap(p.blockWidth(), 2)...)
	}
	return out
}

// logs are the last lines of failing containers, as they are.
func (p *page) logs(e *explain.Explanation) []line {
	var out []line
	for _, log := range e.Logs {
		title := "container " + log.Container
		if log.Previous {
			title += ", the run before"
		}
		if !log.Pod.Same(e.Subject) {
			title = log.Pod.String() + ", " + title
		}
		out = append(out, line{t(strong, title)}.wrap(p.blockWidth(), 2)...)
		for _, text := range log.Lines {
			out = append(out, line{{"  ", plain}, t(dim, text)}.wrap(p.blockWidth(), 4)...)
		}
		if log.Note != "" {
			out = append(out, line{t(plain, "("+log.Note+")")}.wrap(p.blockWidth(), 3)...)
		}
	}
	return out
}

// fewGaps is how many gaps the text shows without -o wide.
const fewGaps = 4

// saidBetter says whether another gap tells what the same unseen objects would
// have told.
func saidBetter(g analyze.Gap, all []analyze.Gap) bool {
	return !g.Matters && g.Kind.Kind != "" && slices.ContainsFunc(all, func(o analyze.Gap) bool {
		return o.Matters && o.Kind == g.Kind && (g.Namespace == "" || g.Namespace == o.Namespace)
	})
}

func (p *page) unknown(e *explain.Explanation) []line {
	var gaps []analyze.Gap
	for _, g := range e.Gaps {
		if (g.Matters || p.wide()) && !saidBetter(g, e.Gaps) {
			gaps = append(gaps, g)
		}
	}
	hidden := 0
	if len(gaps) > fewGaps && !p.wide() {
		hidden = len(gaps) - fewGaps + 1
		gaps = gaps[:fewGaps-1]
	}
	var out []line
	for _, g := range gaps {
		out = append(out, gapLine(g)[1:].wrap(p.blockWidth(), 2)...)
	}
	if hidden > 0 {
		out = append(out, line{t(dim, fmt.Sprintf("and %d more with -o wide", hidden))})
	}
	return out
}
