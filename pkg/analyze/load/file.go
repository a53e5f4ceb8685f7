package load

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// A fileInput is all that was read from files, standard input and URLs.
type fileInput struct {
	Objects          []*analyze.Object
	Files, Documents int
	Skipped          []Skipped
	Errors           []analyze.InputError
	// None are kinds of which an empty typed list says that there is no object.
	None []schema.GroupKind
	// Newest is the newest time found in recorded objects; zero if there is none.
	Newest time.Time
}

// stdinName is what positions call standard input.
const stdinName = "<stdin>"

func isURL(name string) bool {
	scheme, _, found := strings.Cut(name, "://")
	return found && (strings.EqualFold(scheme, "http") || strings.EqualFold(scheme, "https"))
}

func isManifestName(name string) bool {
	switch filepath.Ext(name) {
	case ".yaml", ".yml", ".json":
		return true
	}
	return false
}

// An input is one thing to read.
type input struct {
	name string
	// walked says that it was found in a directory, not named.
	walked bool
	// patch says that a kustomization in the same directories uses it as a patch.
	patch bool
	// labelled says that one gives its objects labels and selectors.
	labelled bool
	size     int64
}

// readFiles reads everything that Filenames and Kustomize name. Files that
// cannot be read or parsed are in Errors; an error means that ctx ended.
func readFiles(ctx context.Context, req Request) (*fileInput, error) {
	out := &fileInput{}
	inputs := out.expand(req.Filenames, req.Recursive)
	var total, done int64
	for _, in := range inputs {
		total += in.size
	}
	restrainHeap(total)
	results := make([]fileResult, len(inputs))
	parallel(len(inputs), func(i int) {
		if ctx.Err() != nil {
			return
		}
		var read atomic.Int64 // of this file
		advance := func(n int64) {
			read.Add(n)
			if d := atomic.AddInt64(&done, n); req.Progress != nil {
				req.Progress(d, total)
			}
		}
		results[i] = readInput(ctx, req.Stdin, inputs[i], advance)
		advance(max(inputs[i].size-read.Load(), 0))
	})
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("reading files: %w", err)
	}
	for _, r := range results {
		out.add(r)
	}
	if req.Kustomize != "" {
		out.add(readKustomization(req.Kustomize))
	}
	if len(out.Objects) == 0 && len(out.Errors) == 0 {
		out.nothing(req)
	}
	return out, nil
}

// nothing makes an error of input without objects, so that a check of nothing
// does not pass for a check.
func (f *fileInput) nothing(req Request) {
	for _, name := range req.Filenames {
		if name == "-" {
			name = stdinName
		}
		f.fail(name, "there are no Kubernetes objects in it")
	}
	for _, s := range f.Skipped {
		if s.Why == whyTemplate && len(f.Errors) > 0 {
			f.Errors[len(f.Errors)-1].Help = templateHelp
		}
	}
}

// expand turns what was typed into files, directories into what is in them. A
// name that is typed twice is read once.
func (f *fileInput) expand(names []string, recursive bool) []input {
	var out []input
	seen := map[string]bool{}
	add := func(in input) {
		if key := filepath.Clean(in.name); !seen[key] {
			seen[key] = true
			out = append(out, in)
		}
	}
	for _, name := range names {
		if name == "-" || isURL(name) {
			add(input{name: name})
			continue
		}
		info, err := os.Stat(name)
		switch {
		case err != nil:
			f.fail(name, reason(err))
		case info.IsDir():
			f.walk(name, recursive, add)
		default:
			add(input{name: name, size: info.Size()})
		}
	}
	roles := rolesIn(out)
	for i := range out {
		name := filepath.Clean(out[i].name)
		out[i].patch = out[i].walked && roles.patches[name]
		out[i].labelled = out[i].walked && roles.labelled[name]
	}
	return out
}

// walk finds the manifests of a directory.
func (f *fileInput) walk(dir string, recursive bool, add func(input)) {
	found, nested := 0, false
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			f.fail(path, reason(err))
			return nil
		case e.IsDir() && path != dir && !recursive:
			nested = true
			return filepath.SkipDir
		case e.IsDir() || !isManifestName(path):
			return nil
		}
		info, err := os.Stat(path) // follows links
		if err != nil {
			f.fail(path, reason(err))
		} else if info.Mode().IsRegular() {
			found++
			add(input{name: path, walked: true, size: info.Size()})
		}
		return nil
	})
	if err != nil {
		f.fail(dir, reason(err))
	}
	if found == 0 {
		message := "no .yaml, .yml or .json files in this directory"
		if nested {
			message += " itself; -R reads those below it"
		}
		f.fail(dir, message)
	}
}

func (f *fileInput) fail(name, message string) {
	f.Errors = append(f.Errors, analyze.InputError{Position: analyze.Position{File: name}, Message: message})
}

// reason is why a file cannot be read, without the name of the system call.
func reason(err error) string {
	var p *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "no such file or directory"
	case errors.Is(err, fs.ErrPermission):
		return "permission denied"
	case errors.As(err, &p):
		return "cannot be read: " + p.Err.Error()
	}
	return "cannot be read: " + err.Error()
}

// A fileResult is what one file holds.
type fileResult struct {
	objects   []*analyze.Object
	documents int
	skipped   []Skipped
	errors    []analyze.InputError
	newest    time.Time
	none      []schema.GroupKind
	read      bool
}

func (f *fileInput) add(r fileResult) {
	f.Objects = append(f.Objects, r.objects...)
	f.Documents += r.documents
	f.Skipped = append(f.Skipped, r.skipped...)
	f.Errors = append(f.Errors, r.errors...)
	f.None = append(f.None, r.none...)
	if r.newest.After(f.Newest) {
		f.Newest = r.newest
	}
	if r.read {
		f.Files++
	}
}

// maxFileSize is the most that is read of one file.
const maxFileSize = 2 << 30

// readInput reads and decodes one file, URL or standard input.
func readInput(ctx context.Context, stdin io.Reader, in input, advance func(int64)) fileResult {
	if in.patch {
		return fileResult{read: true, skipped: []Skipped{{File: in.name, Why: whyPatch}}}
	}
	var data []byte
	var err error
	name := in.name
	switch {
	case in.name == "-":
		name = stdinName
		data, err = readStdin(stdin)
	case isURL(in.name):
		name = withoutPassword(in.name)
		data, err = fetch(ctx, in.name)
	default:
		data, err = readFile(in.name)
	}
	if err != nil {
		return failure(name, reason(err))
	}
	if in.name == "-" && isBlank(data) {
		return failure(name, "standard input is empty")
	}
	restrainHeap(int64(len(data)))
	src := newSource(name, data)
	src.advance = advance
	if in.name != "-" && !isURL(in.name) {
		defer src.release()
	}
	r := decodeSource(src, in.walked, in.name != "-" && !isURL(in.name) && inChart(in.name))
	for _, o := range r.objects {
		o.Labelled = in.labelled
	}
	return r
}

func failure(name, message string) fileResult {
	return fileResult{errors: []analyze.InputError{{Position: analyze.Position{File: name}, Message: message}}}
}

func readStdin(stdin io.Reader) ([]byte, error) {
	if stdin == nil {
		return nil, nil
	}
	return io.ReadAll(io.LimitReader(stdin, maxFileSize))
}

func readFile(name string) ([]byte, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if info.Size() > maxFileSize {
		return nil, fmt.Errorf("larger than %d GiB", maxFileSize>>30)
	}
	return os.ReadFile(name)
}
