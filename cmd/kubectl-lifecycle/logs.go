package main

import (
	"flag"
	"fmt"
	"io"
	"strconv"

	"k8s.io/klog/v2"
)

// setUpLogs silences the client library unless -v asks for its log, which then
// goes to stderr. Errors reach the user as errors of ours, once.
func setUpLogs(level int, talk io.Writer) error {
	fs := flag.NewFlagSet("klog", flag.ContinueOnError)
	klog.InitFlags(fs)
	settings := map[string]string{"logtostderr": "false", "stderrthreshold": "FATAL", "v": strconv.Itoa(level)}
	for name, value := range settings {
		if err := fs.Set(name, value); err != nil {
			return fmt.Errorf("set log flag %s: %w", name, err)
		}
	}
	if level == 0 {
		talk = io.Discard
	}
	klog.SetOutput(talk)
	return nil
}
