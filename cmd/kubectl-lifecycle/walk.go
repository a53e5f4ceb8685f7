package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/load"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/render"
)

// read loads what the flags and arguments name, and talks about what was left
// out on the way.
func (g *globals) read(ctx context.Context, in *input, question load.Question, args []string) (*load.Result, error) {
	req, err := in.request(g, question, args)
	if err != nil {
		return nil, err
	}
	if err := setUpLogs(g.verbose, g.env.Err); err != nil {
		return nil, err
	}
	talk := &progress{out: g.env.Err, started: g.env.Now(), now: g.env.Now}
	if g.env.TalkTerminal {
		req.Progress = talk.show
	}
	res, err := load.Load(ctx, req)
	talk.done()
	if err != nil {
		return nil, err
	}
	g.mentionSkipped(res.Skipped)
	return res, nil
}

// mentionSkipped says in one line what a walked directory held besides
// Kubernetes YAML.
func (g *globals) mentionSkipped(skipped []load.Skipped) {
	if len(skipped) == 0 {
		return
	}
	noun := "files were"
	if len(skipped) == 1 {
		noun = "file was"
	}
	g.note("%d %s skipped: %s: %s%s", len(skipped), noun, skipped[0].File, skipped[0].Why, andMore(len(skipped)-1))
}

func andMore(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(", and %d more", n)
}

// note says something on stderr that is not the answer.
func (g *globals) note(format string, args ...any) {
	_, _ = fmt.Fprintf(g.talk(), "note: %s\n", render.Escape(fmt.Sprintf(format, args...)))
}

// unreadable prints the places that could not be parsed; the error is nil if
// there are none.
func (g *globals) unreadable(errs []analyze.InputError) error {
	for i := range errs {
		complain(g.talk(), errs[i].Error(), errs[i].Help)
	}
	if len(errs) > 0 {
		return errNotDone
	}
	return nil
}

// print hands a buffered Out to a renderer.
func (g *globals) print(draw func(io.Writer) error) error {
	out := bufio.NewWriterSize(g.env.Out, 64<<10)
	if err := draw(out); err != nil {
		var at *fs.PathError
		if !errors.As(err, &at) { // not the writing, such as a template that cannot be filled
			return err
		}
		return fmt.Errorf("write the answer: %w", err)
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write the answer: %w", err)
	}
	return nil
}

// answer prints the answer and then the places that could not be parsed, even
// if the answer cannot be printed: a template may fail for want of what they held.
func (g *globals) answer(unread []analyze.InputError, draw func(io.Writer) error) error {
	err := g.print(draw)
	missing := g.unreadable(unread)
	if err != nil {
		return err
	}
	return missing
}

// both joins "what could not be done" and "what the answer says" into one exit:
// an input that cannot be read outweighs findings.
func both(undone, verdict error) error {
	if undone != nil {
		return undone
	}
	return verdict
}

// noSubject is the answer to an input that holds nothing to talk about.
func (g *globals) noSubject(in *input, res *load.Result, what string) error {
	if len(res.Subjects) > 0 || len(res.Errors) > 0 {
		return nil
	}
	where := "the input"
	if res.FromCluster {
		where = "the cluster"
		if ns, _, err := g.kube.ToRawKubeConfigLoader().Namespace(); err == nil && !in.allNamespaces {
			where = fmt.Sprintf("namespace %q", ns)
		}
	}
	if in.selector != "" || in.fieldSelector != "" {
		where += " matches the selector"
	}
	return &load.UserError{Message: "no " + what + " in " + where, Cause: errors.New("no subject")}
}
