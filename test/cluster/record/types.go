// Package record brings pods about on a real cluster and writes down what the
// node and the API did with them, to the millisecond: containerd's events, the
// containers' own logs, and watches on pods, endpoints and events.
//
// It does not judge anything, and it does not invent cases (package gen does).
package record

import (
	"encoding/json"
	"fmt"
	"time"

	corev1 "k8s.io/api/core/v1"
)

// Kind says what a case is about, which decides when its clock starts and when
// the recording ends.
type Kind string

// The kinds of cases, one file of recordings each.
const (
	Termination Kind = "termination" // t = 0: the watch shows the deletion (or see Trigger)
	Startup     Kind = "startup"     // t = 0: the watch shows the pod bound
	Restarts    Kind = "restarts"    // t = 0: the first start
	// EarlyDelete is a Termination that comes while the pod still starts.
	EarlyDelete Kind = "early-delete"
)

// Case is one pod: what was applied, what its containers do that no manifest
// tells, and what was seen.
type Case struct {
	Name        string          `json:"name"`
	Manifest    json.RawMessage `json:"manifest"`
	Assumptions Assumptions     `json:"assumptions"`
	Observed    []Event         `json:"observed"`
	// AlsoObserved holds what the timeline documents have no event type for.
	AlsoObserved []Event         `json:"alsoObserved,omitempty"`
	Delete       *Delete         `json:"delete,omitempty"`
	Trigger      *Trigger        `json:"trigger,omitempty"`
	Flags        []string        `json:"flags,omitempty"`
	Service      bool            `json:"service,omitempty"`
	Gates        map[string]bool `json:"featureGates,omitempty"`
	Until        float64         `json:"until,omitempty"`
	Stall        float64         `json:"stall,omitempty"`

	// Pod is what is applied; Manifest is made from it.
	Pod *corev1.Pod `json:"-"`
	// Ephemeral containers are added when the pod runs.
	Ephemeral []corev1.EphemeralContainer `json:"-"`
	Kind      Kind                        `json:"-"`
	// Age is how long after it was bound the pod is to be deleted (EarlyDelete).
	Age time.Duration `json:"-"`
}

// Assumptions has the shape of the plugin's --assumptions file.
type Assumptions struct {
	Containers map[string]Container `json:"containers"`
}

// Container is what one container does. Durations are written like 3s or 3s..4s.
type Container struct {
	Stop               string `json:"stop,omitempty"`
	StopExitCode       *int   `json:"stopExitCode,omitempty"`
	ExitCode           *int   `json:"exitCode,omitempty"`
	Runs               string `json:"runs,omitempty"`
	Pull               string `json:"pull,omitempty"`
	PreStop            string `json:"preStop,omitempty"`
	PreStopFails       bool   `json:"preStopFails,omitempty"`
	StartupAfter       string `json:"startupAfter,omitempty"`
	ReadyAfter         string `json:"readyAfter,omitempty"`
	PostStart          string `json:"postStart,omitempty"`
	PostStartFails     bool   `json:"postStartFails,omitempty"`
	StopSignal         string `json:"stopSignal,omitempty"`
	LivenessFailsAfter string `json:"livenessFailsAfter,omitempty"`
	StartupFails       bool   `json:"startupFails,omitempty"`
}

// Delete is what kubectl delete was asked; nil GracePeriodSeconds: nothing.
type Delete struct {
	GracePeriodSeconds *int64 `json:"gracePeriodSeconds"`
}

// Trigger is what ended the pod or the container.
type Trigger struct {
	Type               string `json:"type"` // delete, evict, deadline, liveness, startup
	GracePeriodSeconds *int64 `json:"gracePeriodSeconds,omitempty"`
	Forced             bool   `json:"forced"`
	Now                bool   `json:"now,omitempty"`
	Container          string `json:"container,omitempty"` // liveness, startup: the one that is killed
	Then               []Then `json:"then,omitempty"`
}

// Then is a second delete while the first is under way.
type Then struct {
	GracePeriodSeconds int64   `json:"gracePeriodSeconds"`
	AfterSeconds       float64 `json:"afterSeconds"`    // asked, counted from the first
	ObservedSeconds    float64 `json:"observedSeconds"` // when the watch showed it; 0: the watch showed no change
}

// Event is one thing seen, T seconds after the case's time 0.
type Event struct {
	T         float64 `json:"t"`
	Type      string  `json:"type"`
	Container string  `json:"container,omitempty"`
	Signal    string  `json:"signal,omitempty"`
	ExitCode  *int    `json:"exitCode,omitempty"`
	Reason    string  `json:"reason,omitempty"`
	Seconds   int     `json:"seconds,omitempty"`
}

// setManifest makes Manifest from Pod, without what only a server writes.
func (c *Case) setManifest() error {
	b, err := json.Marshal(c.Pod)
	if err != nil {
		return fmt.Errorf("writing the manifest of %s: %w", c.Name, err)
	}
	var m map[string]any // free-form: the manifest is passed through, not understood
	if err := json.Unmarshal(b, &m); err != nil {
		return fmt.Errorf("writing the manifest of %s: %w", c.Name, err)
	}
	delete(m, "status")
	if meta, ok := m["metadata"].(map[string]any); ok {
		delete(meta, "creationTimestamp")
		delete(meta, "namespace")
	}
	spec, ok := m["spec"].(map[string]any)
	if ok && len(c.Ephemeral) > 0 {
		spec["ephemeralContainers"] = c.Ephemeral
	}
	for _, list := range []string{"containers", "initContainers"} {
		if ok {
			dropEmptyResources(spec[list])
		}
	}
	c.Manifest, err = json.Marshal(m)
	if err != nil {
		return fmt.Errorf("writing the manifest of %s: %w", c.Name, err)
	}
	return nil
}

func dropEmptyResources(list any) {
	containers, _ := list.([]any)
	for _, item := range containers {
		c, ok := item.(map[string]any)
		if !ok {
			continue
		}
		if r, ok := c["resources"].(map[string]any); ok && len(r) == 0 {
			delete(c, "resources")
		}
	}
}

// hooksOf tells whether the container has an exec postStart and an exec preStop hook.
func (c *Case) hooksOf(container string) (post, pre bool) {
	for _, list := range [][]corev1.Container{c.Pod.Spec.InitContainers, c.Pod.Spec.Containers} {
		for _, k := range list {
			if k.Name == container && k.Lifecycle != nil {
				post = k.Lifecycle.PostStart != nil && k.Lifecycle.PostStart.Exec != nil
				pre = k.Lifecycle.PreStop != nil && k.Lifecycle.PreStop.Exec != nil
			}
		}
	}
	return post, pre
}
