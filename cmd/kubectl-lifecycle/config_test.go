package main

import (
	"bytes"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"sigs.k8s.io/yaml"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/lint"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/rules"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/render"
)

// TestConfigSchema holds the published schema of the configuration to what the
// program really takes.
func TestConfigSchema(t *testing.T) {
	text, err := render.Schema("Config")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("config.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("config.json")
	if err != nil {
		t.Fatal(err)
	}
	for config, valid := range map[string]bool{
		"complete: true\nfailOn: warning\nexclude: [vendor/*]\n": true,
		"rules:\n  KL101: off\n  KL203: warning\n":               true,
		"rules:\n  hair-trigger-liveness: {severity: error}\n":   true,
		"rules:\n  KL101: loud\n":                                false,
		"rules:\n  KL101: {severity: error, why: because}\n":     false,
		"colour: red\n":  false,
		"failOn: loud\n": false,
	} {
		data, err := yaml.YAMLToJSON([]byte(config))
		if err != nil {
			t.Fatal(err)
		}
		value, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		bySchema := schema.Validate(value) == nil
		_, err = lint.ParseConfig([]byte(config), "config.yaml", rules.All())
		if byProgram := err == nil; bySchema != valid || byProgram != valid {
			t.Errorf("%q: valid %v, by the schema %v, by the program %v (%v)", config, valid, bySchema, byProgram, err)
		}
	}
}
