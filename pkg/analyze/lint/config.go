package lint

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"go.yaml.in/yaml/v3"
)

// Config is what the user wants different. The zero Config changes nothing.
type Config struct {
	// Complete says that the input is all there is. It is read by whoever loads
	// the snapshot.
	Complete bool `yaml:"complete"`
	// Rules by id or name.
	Rules map[string]RuleConfig `yaml:"rules"`
	// Exclude are files and folders, as path patterns, that are not judged. Their
	// objects still count as seen.
	Exclude []string `yaml:"exclude"`
	// FailOn is the severity from which on findings mean failure; "" = error.
	FailOn string `yaml:"failOn"`
	// Subjects are the objects to judge; nil = all. The others count as seen.
	Subjects []*analyze.Object `yaml:"-"`
	// Baseline mutes findings that were there before; nil mutes none.
	Baseline *Baseline `yaml:"-"`
}

// RuleConfig changes one rule. In YAML it may be written as a single word: off,
// on, or a severity.
type RuleConfig struct {
	Off bool
	// Severity replaces the rule's own; OK means "as the rule says".
	Severity   analyze.Severity
	Parameters map[string]int
}

// UnmarshalYAML reads "off", "on", a severity, or a mapping of severity and
// parameters.
func (c *RuleConfig) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		return c.word(n.Value)
	}
	var long struct {
		Severity   string         `yaml:"severity"`
		Parameters map[string]int `yaml:"parameters"`
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if key := n.Content[i].Value; key != "severity" && key != "parameters" {
			return fmt.Errorf("line %d: unknown key %q: use severity or parameters", n.Content[i].Line, key)
		}
	}
	if err := n.Decode(&long); err != nil {
		return err
	}
	c.Parameters = long.Parameters
	if long.Severity == "" {
		return nil
	}
	return c.word(long.Severity)
}

func (c *RuleConfig) word(w string) error {
	switch w {
	case "off", "false":
		c.Off = true
		return nil
	case "on", "true":
		return nil
	}
	s, err := analyze.ParseSeverity(w)
	if err != nil || s == analyze.OK {
		return fmt.Errorf("%q is no severity: use error, warning, info, off or on", w)
	}
	c.Severity = s
	return nil
}

// ParseConfig reads a configuration file and checks it against the rules there
// are. name stands in error messages.
func ParseConfig(data []byte, name string, rules []*analyze.Rule) (Config, error) {
	var cfg Config
	dec := yaml.NewDecoder(bytes.NewReader(data))
	dec.KnownFields(true)
	if err := dec.Decode(&cfg); err != nil && !errors.Is(err, io.EOF) {
		return Config{}, fmt.Errorf("read configuration %s: %s", name, strings.TrimPrefix(err.Error(), "yaml: "))
	}
	if err := cfg.Check(rules); err != nil {
		return Config{}, fmt.Errorf("read configuration %s: %w", name, err)
	}
	return cfg, nil
}

// Check reports rules, parameters, severities and patterns that do not exist.
func (c Config) Check(rules []*analyze.Rule) error {
	for key, rc := range c.Rules {
		rule := find(rules, key)
		if rule == nil {
			return fmt.Errorf("there is no rule %q; `kubectl lifecycle rules` lists them", key)
		}
		for name := range rc.Parameters {
			if _, ok := parameter(rule, name); !ok {
				return fmt.Errorf("rule %s has no parameter %q", key, name)
			}
		}
	}
	for _, pattern := range c.Exclude {
		if _, err := path.Match(pattern, ""); err != nil {
			return fmt.Errorf("exclude %q: %w", pattern, err)
		}
	}
	if c.FailOn != "" {
		_, err := analyze.ParseSeverity(c.FailOn)
		return err
	}
	return nil
}

func find(rules []*analyze.Rule, key string) *analyze.Rule {
	for _, r := range rules {
		if strings.EqualFold(r.ID, key) || r.Name == key {
			return r
		}
	}
	return nil
}

func parameter(rule *analyze.Rule, name string) (analyze.Param, bool) {
	for _, p := range rule.Params {
		if p.Name == name {
			return p, true
		}
	}
	return analyze.Param{}, false
}

// of finds what is configured for a rule; the id wins over the name.
func (c Config) of(rule *analyze.Rule) RuleConfig {
	for _, key := range [3]string{rule.ID, strings.ToLower(rule.ID), rule.Name} {
		if rc, ok := c.Rules[key]; ok {
			return rc
		}
	}
	return RuleConfig{}
}

func (c Config) off(rule *analyze.Rule) bool { return c.of(rule).Off }

func (c Config) severity(d *analyze.Draft) analyze.Severity {
	if s := c.of(d.Rule).Severity; s != analyze.OK {
		return s
	}
	return d.Severity
}

func (c Config) param(rule *analyze.Rule, name string) int {
	if v, ok := c.of(rule).Parameters[name]; ok {
		return v
	}
	p, _ := parameter(rule, name)
	return p.Default
}

// excluded says whether a file matches one of the patterns. A pattern matches
// the whole path, a folder on the way to it, or, without a slash, any part.
func (c Config) excluded(file string) bool {
	if file == "" {
		return false
	}
	parts := strings.Split(strings.TrimPrefix(file, "./"), "/")
	for _, pattern := range c.Exclude {
		pattern = strings.TrimSuffix(strings.TrimSuffix(strings.TrimPrefix(pattern, "./"), "/**"), "/")
		for i := range parts {
			candidate := strings.Join(parts[:i+1], "/")
			if !strings.Contains(pattern, "/") {
				candidate = parts[i]
			}
			if ok, _ := path.Match(pattern, candidate); ok {
				return true
			}
		}
	}
	return false
}
