package main

import (
	"debug/buildinfo"
	"encoding/json"
	"fmt"
	"os"
	"time"
)

// The shapes of a bill of materials in the format CycloneDX 1.5.
type bill struct {
	Format     string      `json:"bomFormat"`
	Spec       string      `json:"specVersion"`
	Version    int         `json:"version"`
	Metadata   metadata    `json:"metadata"`
	Components []component `json:"components"`
}

type metadata struct {
	Timestamp string    `json:"timestamp"`
	Component component `json:"component"`
}

type component struct {
	Type     string   `json:"type"`
	Name     string   `json:"name"`
	Version  string   `json:"version"`
	PURL     string   `json:"purl,omitempty"`
	Licenses []choice `json:"licenses,omitempty"`
}

type choice struct {
	License license `json:"license"`
}

type license struct {
	ID string `json:"id"`
}

// writeBill lists the modules that the linker really put into the binary, and
// the standard library.
func writeBill(binary, to string, o options, notices []notice) error {
	info, err := buildinfo.ReadFile(binary)
	if err != nil {
		return fmt.Errorf("read the build information of %s: %w", binary, err)
	}
	ids := map[string][]choice{}
	for _, n := range notices {
		for _, id := range n.ids {
			ids[n.module] = append(ids[n.module], choice{license{id}})
		}
	}
	b := bill{
		Format: "CycloneDX", Spec: "1.5", Version: 1,
		Metadata: metadata{
			Timestamp: o.when.Format(time.RFC3339),
			Component: component{Type: "application", Name: name, Version: o.version, Licenses: []choice{{license{"Apache-2.0"}}}},
		},
		Components: []component{{Type: "library", Name: standardLibrary, Version: info.GoVersion, Licenses: ids[standardLibrary]}},
	}
	for _, m := range info.Deps {
		if m.Replace != nil {
			m = m.Replace
		}
		b.Components = append(b.Components, component{
			Type: "library", Name: m.Path, Version: m.Version, PURL: "pkg:golang/" + m.Path + "@" + m.Version, Licenses: ids[m.Path],
		})
	}
	data, err := json.MarshalIndent(b, "", "  ")
	if err != nil {
		return fmt.Errorf("encode the bill of materials: %w", err)
	}
	return os.WriteFile(to, append(data, '\n'), 0o644)
}
