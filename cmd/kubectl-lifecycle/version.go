package main

import (
	"encoding/json"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
	"sigs.k8s.io/yaml"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// version is stamped by the release build: -ldflags "-X main.version=v1.2.3".
var version = ""

type versionInfo struct {
	Version    string `json:"version"`
	GoVersion  string `json:"goVersion"`
	Platform   string `json:"platform"`
	Kubernetes string `json:"kubernetes"`
}

func newVersion(g *globals) *cobra.Command {
	var output string
	cmd := &cobra.Command{
		Use:   "version",
		Short: "Print the version of the plugin",
		Args:  noArgs,
		RunE: func(*cobra.Command, []string) error {
			info := currentVersion()
			return g.print(func(w io.Writer) error { return info.write(w, output) })
		},
	}
	cmd.Flags().StringVarP(&output, "output", "o", "", "output format: json or yaml")
	return cmd
}

func (v versionInfo) write(w io.Writer, output string) error {
	var data []byte
	var err error
	switch output {
	case "":
		data = fmt.Appendf(nil, "kubectl-lifecycle %s (%s, %s), models Kubernetes %s\n", v.Version, v.GoVersion, v.Platform, v.Kubernetes)
	case "json":
		data, err = json.MarshalIndent(v, "", "    ")
		data = append(data, '\n')
	case "yaml":
		data, err = yaml.Marshal(v)
	default:
		return usagef("unknown output format %q: use json or yaml", output)
	}
	if err != nil {
		return fmt.Errorf("encode the version: %w", err)
	}
	_, err = w.Write(data)
	return err
}

func currentVersion() versionInfo {
	v := version
	if v == "" {
		v = "devel"
		if b, ok := debug.ReadBuildInfo(); ok && b.Main.Version != "" && b.Main.Version != "(devel)" {
			v = b.Main.Version
		}
	}
	return versionInfo{
		Version: v, GoVersion: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH,
		Kubernetes: fmt.Sprintf("1.%d to 1.%d", analyze.OldestMinor, analyze.NewestMinor),
	}
}

func noArgs(_ *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usagef("unexpected argument %q", args[0])
	}
	return nil
}
