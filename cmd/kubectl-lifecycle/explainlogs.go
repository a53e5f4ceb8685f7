package main

import (
	"context"
	"fmt"
	"strconv"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/load"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/explain"
)

// explain explains one subject; with --logs a second time, with what the
// containers said that the first explanation blames.
func (p explainPlan) explain(ctx context.Context, g *globals, res *load.Result, o *analyze.Object) (*explain.Explanation, error) {
	x := explain.Explain(res.Snapshot, o, explain.Options{})
	sources := explain.LogSources(res.Snapshot, x)
	if p.logs == 0 {
		return x, nil
	}
	if len(sources) == 0 {
		if len(res.Subjects) == 1 {
			g.note("no container of %s is failing, so no log is shown", o.Ref)
		}
		return x, nil
	}
	if !res.FromCluster {
		x.Gaps = append([]analyze.Gap{noLogs("files hold no logs; --logs needs the cluster")}, x.Gaps...)
		return x, nil
	}
	req, err := p.in.request(g, load.Explain, nil)
	if err != nil {
		return nil, err
	}
	var said []explain.LogExcerpt
	var gaps []analyze.Gap
	for _, src := range sources {
		log, err := p.excerpt(ctx, req, src)
		if err != nil {
			gaps = append(gaps, analyze.Gap{What: "what container " + strconv.Quote(src.Container) + " printed", Why: err.Error(), Matters: true})
			continue
		}
		said = append(said, log)
	}
	x = explain.Explain(res.Snapshot, o, explain.Options{Logs: said})
	x.Gaps = append(gaps, x.Gaps...) // asked for, so never among those left out
	return x, nil
}

// excerpt reads the last lines of one container.
func (p explainPlan) excerpt(ctx context.Context, req load.Request, src explain.LogSource) (explain.LogExcerpt, error) {
	log := explain.LogExcerpt{Pod: src.Pod, Container: src.Container, Previous: src.Previous, Lines: []string{}}
	if src.NeverStarted {
		log.Note = "it has not started, so it printed nothing"
		return log, nil
	}
	lines, cut, err := load.Logs(ctx, req, src.Pod, src.Container, src.Previous, p.logs)
	switch {
	case err != nil:
		return log, err
	case len(lines) == 0:
		log.Note = "it printed nothing"
	case cut:
		log.Note = fmt.Sprintf("these lines are longer than %d MiB, their end is left out; ask for fewer", load.LogBytes>>20)
	}
	log.Lines = append(log.Lines, lines...)
	return log, nil
}

// noLogs says why --logs shows nothing.
func noLogs(why string) analyze.Gap {
	return analyze.Gap{What: "what the containers printed", Why: why, Matters: true}
}
