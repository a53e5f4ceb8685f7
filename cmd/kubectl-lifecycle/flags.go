package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"k8s.io/cli-runtime/pkg/genericclioptions"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/load"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/render"
)

// globals are the flags that every command has: how to reach a cluster, and how
// the output looks.
type globals struct {
	env  *env
	kube *genericclioptions.ConfigFlags

	color   string
	width   int
	ascii   bool
	utc     bool
	verbose int
}

func (g *globals) bind(fs *pflag.FlagSet) {
	g.kube.AddFlags(fs)
	fs.StringVar(&g.color, "color", "auto", "when to use colour: auto, always or never (NO_COLOR is honoured)")
	fs.IntVar(&g.width, "width", 0, "columns to use; 0 = those of the terminal, or 80")
	fs.BoolVar(&g.ascii, "ascii", false, "write ASCII characters only; others show as \\u65e5")
	fs.BoolVar(&g.utc, "utc", false, "show times in UTC instead of the local zone")
	fs.IntVarP(&g.verbose, "v", "v", 0, "log level of the client library, as in kubectl (6 shows each request)")
}

// onlyASCII says whether the terminal is to get nothing beyond ASCII.
func (g *globals) onlyASCII() bool { return g.ascii || !g.env.unicode() }

// talk is where everything goes that is not the answer.
func (g *globals) talk() io.Writer {
	if g.onlyASCII() {
		return render.ASCIIOnly(g.env.Err)
	}
	return g.env.Err
}

// style turns the output flags into what the renderers need.
func (g *globals) style(format string) (render.Style, error) {
	st := render.Style{Format: format, Width: g.width, ASCII: g.onlyASCII(), Location: time.Local}
	if g.utc {
		st.Location = time.UTC
	}
	switch g.color {
	case "auto":
		st.Color = g.env.colors()
	case "always":
		st.Color = true
	case "never":
	default:
		return st, usagef("--color %q: use auto, always or never", g.color)
	}
	switch {
	case g.width < 0:
		return st, usagef("--width %d: use the number of columns, or 0", g.width)
	case g.width == 0:
		st.Width = g.env.Width()
	}
	return st, nil
}

// input are the flags that say what to look at.
type input struct {
	files         []string
	recursive     bool
	kustomize     string
	selector      string
	fieldSelector string
	allNamespaces bool
	chunkSize     int64
	complete      bool
	clock         string
	version       string
	gates         []string
}

func (in *input) bind(fs *pflag.FlagSet) {
	fs.StringArrayVarP(&in.files, "filename", "f", nil, "file, directory or URL to read instead of a cluster; - is standard input (repeatable)")
	fs.BoolVarP(&in.recursive, "recursive", "R", false, "walk the directories given with -f recursively")
	fs.StringVarP(&in.kustomize, "kustomize", "k", "", "directory with a kustomization.yaml to build and read")
	fs.StringVarP(&in.selector, "selector", "l", "", "label selector, as in kubectl get")
	fs.StringVar(&in.fieldSelector, "field-selector", "", "field selector, as in kubectl get")
	fs.BoolVarP(&in.allNamespaces, "all-namespaces", "A", false, "look into all namespaces")
	fs.Int64Var(&in.chunkSize, "chunk-size", 500, "objects to ask for in one request; 0 = all at once")
	fs.BoolVar(&in.complete, "complete", false, "the input is all there is: what is not in it does not exist")
	fs.StringVar(&in.clock, "clock", "", "the moment to call now, such as 2026-01-31T18:54:00Z")
	fs.StringVar(&in.version, "kubernetes-version", "", "Kubernetes version whose behaviour counts, such as 1.34; default: the server's, or 1.36")
	fs.StringSliceVar(&in.gates, "feature-gates", nil, "feature gates of the cluster, as NAME=true|false pairs")
}

// request turns the flags and arguments into what load needs.
func (in *input) request(g *globals, question load.Question, args []string) (load.Request, error) {
	req := load.Request{
		Stdin: g.env.In, Filenames: in.files, Recursive: in.recursive, Kustomize: in.kustomize, Args: args,
		Selector: in.selector, FieldSelector: in.fieldSelector, AllNamespaces: in.allNamespaces,
		ChunkSize: in.chunkSize, Complete: in.complete, Now: g.env.Now(), Version: in.version,
		Question: question, Kube: g.kube,
	}
	if g.kube.Namespace != nil {
		req.Namespace = *g.kube.Namespace
	}
	if in.clock != "" {
		t, err := time.Parse(time.RFC3339Nano, in.clock)
		if err != nil {
			return req, usagef("--clock %q is not a time such as 2026-01-31T18:54:00Z", in.clock)
		}
		req.Clock = t.UTC()
	}
	gates, err := parseGates(in.gates)
	if err != nil {
		return req, err
	}
	req.FeatureGates = gates
	return req, nil
}

func parseGates(pairs []string) (map[string]bool, error) {
	gates := map[string]bool{}
	for _, pair := range pairs {
		name, word, _ := strings.Cut(pair, "=")
		on, err := strconv.ParseBool(word)
		if err != nil || name == "" {
			return nil, usagef("--feature-gates %q: write NAME=true or NAME=false", pair)
		}
		gates[name] = on
	}
	return gates, nil
}

// progress shows on a terminal how much of a large input has been read. It is
// silent for the first second, and wipes its line when all is read.
type progress struct {
	out     io.Writer
	now     func() time.Time
	started time.Time

	mu    sync.Mutex
	last  time.Time
	shown bool
}

func (p *progress) show(done, total int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	switch {
	case total > 0 && done >= total:
		p.wipe()
	case now.Sub(p.started) < time.Second || now.Sub(p.last) < 100*time.Millisecond:
	case total > 0:
		p.print(now, fmt.Sprintf("reading: %d %%", done*100/total))
	default:
		p.print(now, fmt.Sprintf("reading: %d objects", done))
	}
}

func (p *progress) print(now time.Time, text string) {
	p.last, p.shown = now, true
	_, _ = fmt.Fprintf(p.out, "\r%s", text)
}

func (p *progress) wipe() {
	if p.shown {
		_, _ = fmt.Fprint(p.out, "\r\x1b[K")
		p.shown = false
	}
}

// done wipes the line whatever was left of it.
func (p *progress) done() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.wipe()
}

// formats is a -o flag with the formats one document knows.
type formats struct {
	value string
	known []string
}

func (f *formats) bind(cmd *cobra.Command, document string) {
	f.known = render.Formats(document)
	cmd.Flags().StringVarP(&f.value, "output", "o", "", "output format: "+strings.Join(f.known, ", "))
	_ = cmd.RegisterFlagCompletionFunc("output", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return f.known, cobra.ShellCompDirectiveNoFileComp
	})
}

func (f *formats) check() error {
	base, template, hasValue := strings.Cut(f.value, "=")
	if hasValue {
		base += "="
	}
	if hasValue && template == "" && slices.Contains(f.known, base) {
		return usagef("-o %s needs a template, such as -o %s", f.value, exampleTemplate(base))
	}
	if f.value == "" || slices.Contains(f.known, base) {
		return nil
	}
	return usagef("unknown output format %q: use one of %s", f.value, strings.Join(f.known, ", "))
}

func exampleTemplate(format string) string {
	if format == "go-template=" {
		return "'go-template={{.kind}}'"
	}
	return "'" + format + "{.kind}'"
}

func readFile(name string) ([]byte, error) {
	if name == "" {
		return nil, nil
	}
	data, err := os.ReadFile(name)
	if err != nil {
		var at *fs.PathError
		if errors.As(err, &at) { // its text names the file a second time
			err = at.Err
		}
		return nil, fmt.Errorf("cannot read %s: %w", name, err)
	}
	return data, nil
}
