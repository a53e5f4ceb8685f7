package simulate

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// ParseAssumptions reads the values of --assume (CONTAINER.KEY=VALUE, where
// CONTAINER may be "defaults") and the YAML file of --assumptions (nil = none;
// fileName is for messages). Flags outrank the file. Whether the containers
// exist is for Assumptions.Check to say.
func ParseAssumptions(flags []string, file []byte, fileName string) (*Assumptions, error) {
	a := &Assumptions{}
	if len(file) > 0 {
		if err := a.readFile(file, fileName); err != nil {
			return nil, err
		}
	}
	for _, flag := range flags {
		name, value, ok := strings.Cut(flag, "=")
		dot := strings.LastIndex(name, ".")
		if !ok || dot <= 0 || dot == len(name)-1 {
			return nil, fmt.Errorf("assumption %q is not of the form CONTAINER.KEY=VALUE, such as app.stop=5s", flag)
		}
		if err := a.set(name[:dot], name[dot+1:], value); err != nil {
			return nil, fmt.Errorf("assumption %q: %w", flag, err)
		}
	}
	return a, nil
}

func (a *Assumptions) readFile(data []byte, name string) error {
	var doc yaml.Node
	dec := yaml.NewDecoder(bytes.NewReader(data))
	if err := dec.Decode(&doc); err != nil {
		if errors.Is(err, io.EOF) {
			return nil
		}
		return fmt.Errorf("cannot read the assumptions in %s: %w", name, err)
	}
	if err := dec.Decode(&yaml.Node{}); !errors.Is(err, io.EOF) {
		return fmt.Errorf("cannot read the assumptions in %s: more than one document", name)
	}
	if len(doc.Content) != 1 {
		return nil
	}
	return a.readNode(doc.Content[0], name, true)
}

// readNode reads the top of the file, or with pods=false one pod's section.
func (a *Assumptions) readNode(n *yaml.Node, file string, pods bool) error {
	return eachPair(n, file, func(key string, at, value *yaml.Node) error {
		switch {
		case key == "containers":
			return eachPair(value, file, func(container string, at, keys *yaml.Node) error {
				if container == defaultsName {
					return place(file, at, "no container can be called %q here: write its keys under the top-level %q", defaultsName, defaultsName)
				}
				return a.readKeys(container, keys, file)
			})
		case key == defaultsName:
			return a.readKeys(defaultsName, value, file)
		case key == "pods" && pods:
			return eachPair(value, file, func(pod string, _, section *yaml.Node) error {
				if a.Pods == nil {
					a.Pods = map[string]*Assumptions{}
				}
				a.Pods[pod] = &Assumptions{}
				return a.Pods[pod].readNode(section, file, false)
			})
		}
		if !pods {
			return place(file, at, "unknown key %q: the known ones of a pod are containers, defaults", key)
		}
		return place(file, at, "unknown key %q: the known ones are containers, defaults, pods", key)
	})
}

func (a *Assumptions) readKeys(container string, n *yaml.Node, file string) error {
	return eachPair(n, file, func(key string, at, value *yaml.Node) error {
		if value.Kind != yaml.ScalarNode {
			return place(file, value, "%s.%s: a single value is expected", container, key)
		}
		if err := a.set(container, key, value.Value); err != nil {
			return place(file, at, "%s: %w", container, err)
		}
		return nil
	})
}

func eachPair(n *yaml.Node, file string, do func(key string, at, value *yaml.Node) error) error {
	if n.Kind == yaml.AliasNode && n.Alias != nil {
		n = n.Alias
	}
	if n.Kind == yaml.ScalarNode && n.Tag == "!!null" {
		return nil
	}
	if n.Kind != yaml.MappingNode {
		return place(file, n, "a mapping is expected here")
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		if seen[key.Value] {
			return place(file, key, "%q is given twice", key.Value)
		}
		seen[key.Value] = true
		if err := do(key.Value, key, n.Content[i+1]); err != nil {
			return err
		}
	}
	return nil
}

func place(file string, n *yaml.Node, format string, args ...any) error {
	return fmt.Errorf("%s:%d:%d: %w", file, n.Line, n.Column, fmt.Errorf(format, args...))
}

func setBounds(slot func(*ContainerAssumptions) **analyze.Bounds) func(*ContainerAssumptions, string) error {
	return func(c *ContainerAssumptions, text string) error { return setPlain(slot(c), text) }
}

func setPlain(slot **analyze.Bounds, text string) error {
	b, err := ParseRange(text)
	if err != nil {
		return err
	}
	*slot = &b
	return nil
}

func setCode(slot func(*ContainerAssumptions) **int32) func(*ContainerAssumptions, string) error {
	return func(c *ContainerAssumptions, text string) error {
		n, err := strconv.ParseInt(text, 10, 32)
		if err != nil || n < 0 || n > 255 {
			return fmt.Errorf("%q is not an exit code from 0 to 255", text)
		}
		code := int32(n)
		*slot(c) = &code
		return nil
	}
}

func setBool(slot func(*ContainerAssumptions) **bool) func(*ContainerAssumptions, string) error {
	return func(c *ContainerAssumptions, text string) error {
		v := text == "true"
		if !v && text != "false" {
			return fmt.Errorf("%q is neither true nor false", text)
		}
		*slot(c) = &v
		return nil
	}
}

func setSignal(slot func(*ContainerAssumptions) **string) func(*ContainerAssumptions, string) error {
	return func(c *ContainerAssumptions, text string) error {
		name := signalName(text)
		if name == "" {
			return fmt.Errorf("%q is not a signal such as TERM or QUIT", text)
		}
		*slot(c) = &name
		return nil
	}
}

// ParseRange reads a duration ("5s", "1m30s", plain seconds), "never", or a
// range "A..B" of them. The likely moment of a range is its middle; that of a
// range without an end is never.
func ParseRange(text string) (analyze.Bounds, error) {
	low, high, isRange := strings.Cut(strings.TrimSpace(text), "..")
	a, err := parseDuration(low)
	if err != nil {
		return analyze.Bounds{}, err
	}
	if !isRange {
		return analyze.At(a), nil
	}
	b, err := parseDuration(high)
	if err != nil {
		return analyze.Bounds{}, err
	}
	if b < a {
		return analyze.Bounds{}, fmt.Errorf("the range %q ends before it begins", text)
	}
	return analyze.Bounds{Earliest: a, Likely: a + (b-a)/2, Latest: b}, nil
}

// maxSeconds keeps sums of durations far from the limits of time.Duration.
const maxSeconds = 1e9

func parseDuration(text string) (float64, error) {
	text = strings.TrimSpace(text)
	if text == "never" {
		return analyze.Never, nil
	}
	var s float64
	if d, err := time.ParseDuration(text); err == nil {
		s = d.Seconds()
	} else if s, err = strconv.ParseFloat(text, 64); err != nil || math.IsNaN(s) || math.IsInf(s, 0) {
		return 0, fmt.Errorf("%q is not a duration such as 5s or 1m30s, a range such as 2s..5s, or never", text)
	}
	if s < 0 || s > maxSeconds {
		return 0, fmt.Errorf("%q is not between 0 and %d seconds", text, int64(maxSeconds))
	}
	return s, nil
}
