package record

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// How long the steps of a case may take before it is given up.
const (
	upLimit  = 3 * time.Minute
	endLimit = 4 * time.Minute
	settle   = 4 * time.Second
)

// Run applies the case's pod, brings its end about, and fills in Manifest and
// Observed. The pod is gone from the API when it returns.
func (r *Recorder) Run(ctx context.Context, c *Case, horizon time.Duration) error {
	if err := c.setManifest(); err != nil {
		return err
	}
	pods := r.cluster.Client.CoreV1().Pods(r.namespace)
	if c.Service {
		if err := r.makeService(ctx, c); err != nil {
			return err
		}
	}
	if _, err := pods.Create(ctx, c.Pod, metav1.CreateOptions{}); err != nil {
		return fmt.Errorf("making pod %s: %w", c.Name, err)
	}
	defer r.remove(c)
	var err error
	switch c.Kind {
	case Termination:
		err = r.runTermination(ctx, c)
	case EarlyDelete:
		err = r.runEarly(ctx, c)
	case Startup:
		err = r.runStartup(ctx, c, horizon)
	case Restarts:
		err = r.pause(ctx, horizon)
		c.Until = horizon.Seconds()
	}
	if err != nil {
		return fmt.Errorf("recording %s: %w", c.Name, err)
	}
	return r.collect(c)
}

func (r *Recorder) pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// until waits for a condition on what has been seen of the pod.
func (r *Recorder) until(ctx context.Context, what, pod string, limit time.Duration, cond func(*subject) bool) error {
	deadline := time.Now().Add(limit)
	for {
		r.mu.Lock()
		ok := cond(r.subject(pod))
		r.mu.Unlock()
		if ok {
			return nil
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("waiting for %s: not within %s", what, limit)
		}
		if err := r.pause(ctx, 20*time.Millisecond); err != nil {
			return err
		}
	}
}

func (s *subject) count(event, container string) int {
	n := 0
	for _, e := range s.seen {
		if e.Type == event && (container == "" || e.Container == container) {
			n++
		}
	}
	return n
}

// running counts the containers that have started and not ended.
func (s *subject) running() int {
	return s.count("ContainerStarted", "") - s.count("ContainerExited", "")
}

func (r *Recorder) runTermination(ctx context.Context, c *Case) error {
	if err := r.waitUp(ctx, c); err != nil {
		return err
	}
	logs, err := r.openLogs(c)
	if err != nil {
		return err
	}
	defer logs.close()
	if err := r.waitTraps(ctx, c, logs); err != nil {
		return err
	}
	if c.Delete != nil {
		// The kubelet's own work on a fresh pod delays what comes next; the
		// timelines speak of a pod that has been up for long.
		if err := r.pause(ctx, settle); err != nil {
			return err
		}
	}
	if r.before != nil {
		r.before(ctx, c)
	}
	if err := r.trigger(ctx, c); err != nil {
		return err
	}
	if err := r.until(ctx, "the end", c.Name, endLimit, func(s *subject) bool { return c.ended(s) }); err != nil {
		return err
	}
	if err := r.pause(ctx, 500*time.Millisecond); err != nil {
		return err
	}
	return r.addSignals(c, logs.signals)
}

// addSignals adds the signals that the containers' logs tell of to what was seen
// of the pod.
func (r *Recorder) addSignals(c *Case, read func() ([]sighting, error)) error {
	signals, err := read()
	if err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.subject(c.Name)
	s.seen = append(s.seen, signals...)
	return nil
}

// waitUp waits until the pod does what it is meant to do when it is ended.
func (r *Recorder) waitUp(ctx context.Context, c *Case) error {
	err := r.until(ctx, "the pod to run", c.Name, upLimit, func(s *subject) bool {
		switch {
		case s.latest == nil:
			return false
		case s.count("ContainerStarted", "") < len(c.Pod.Spec.Containers)+len(c.Pod.Spec.InitContainers):
			return false
		case c.Trigger.Type == "startup":
			return s.count("ContainerStarted", c.Trigger.Container) > 0
		case c.Service && s.endpoint != "ready=true":
			return false
		}
		return c.allUp(s)
	})
	if err != nil || len(c.Ephemeral) == 0 {
		return err
	}
	return r.addEphemeral(ctx, c)
}

// allUp: every container that stays is ready, every other has ended.
func (c *Case) allUp(s *subject) bool {
	for _, list := range [][]corev1.Container{c.Pod.Spec.InitContainers, c.Pod.Spec.Containers} {
		for _, k := range list {
			if c.Assumptions.Containers[k.Name].Runs != "" {
				if s.count("ContainerExited", k.Name) == 0 {
					return false
				}
			} else if s.count("ContainerReady", k.Name) == 0 {
				return false
			}
		}
	}
	return true
}

func (r *Recorder) addEphemeral(ctx context.Context, c *Case) error {
	pods := r.cluster.Client.CoreV1().Pods(r.namespace)
	live, err := pods.Get(ctx, c.Name, metav1.GetOptions{})
	if err != nil {
		return fmt.Errorf("reading the pod: %w", err)
	}
	live.Spec.EphemeralContainers = c.Ephemeral
	if _, err := pods.UpdateEphemeralContainers(ctx, c.Name, live, metav1.UpdateOptions{}); err != nil {
		return fmt.Errorf("adding an ephemeral container: %w", err)
	}
	return r.until(ctx, "the ephemeral container", c.Name, upLimit, func(s *subject) bool {
		return s.count("ContainerStarted", c.Ephemeral[0].Name) > 0
	})
}

func (r *Recorder) trigger(ctx context.Context, c *Case) error {
	pods := r.cluster.Client.CoreV1().Pods(r.namespace)
	switch c.Trigger.Type {
	case "delete":
		if err := pods.Delete(ctx, c.Name, metav1.DeleteOptions{GracePeriodSeconds: c.Delete.GracePeriodSeconds}); err != nil {
			return fmt.Errorf("deleting: %w", err)
		}
	case "evict":
		eviction := &policyv1.Eviction{ObjectMeta: metav1.ObjectMeta{Name: c.Name, Namespace: r.namespace},
			DeleteOptions: &metav1.DeleteOptions{GracePeriodSeconds: c.Delete.GracePeriodSeconds}}
		if err := pods.EvictV1(ctx, eviction); err != nil {
			return fmt.Errorf("evicting: %w", err)
		}
	}
	start := time.Now()
	for i := range c.Trigger.Then {
		then := &c.Trigger.Then[i]
		if err := r.pause(ctx, time.Until(start.Add(time.Duration(then.AfterSeconds*float64(time.Second))))); err != nil {
			return err
		}
		err := pods.Delete(ctx, c.Name, metav1.DeleteOptions{GracePeriodSeconds: &then.GracePeriodSeconds})
		if err != nil {
			r.log("%s: the second delete found no pod: %v", c.Name, err)
		}
	}
	return nil
}

// ended tells when nothing more is to be recorded.
func (c *Case) ended(s *subject) bool {
	switch c.Trigger.Type {
	case "delete", "evict":
		return s.deleted && s.running() <= 0
	case "deadline":
		return s.latest != nil && s.latest.Status.Phase == corev1.PodFailed && s.running() <= 0
	default: // liveness, startup: the container ended, and started again or stays down
		k := c.Trigger.Container
		again := s.count("ContainerStarted", k) > 1 || c.Pod.Spec.RestartPolicy == corev1.RestartPolicyNever
		return s.count("ContainerExited", k) > 0 && again
	}
}

func (r *Recorder) runStartup(ctx context.Context, c *Case, horizon time.Duration) error {
	err := r.until(ctx, "the pod to be bound", c.Name, upLimit, func(s *subject) bool { return s.first["PodScheduled/"] })
	if err != nil {
		return err
	}
	start := time.Now()
	err = r.until(ctx, "the pod to be ready", c.Name, horizon, func(s *subject) bool {
		up := s.first["PodReady/"] && (!c.Service || s.endpoint == "ready=true")
		return up || s.latest != nil && s.latest.Status.Phase == corev1.PodFailed
	})
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err == nil { // what comes together with readiness may take a moment
		if err := r.pause(ctx, time.Second); err != nil {
			return err
		}
	}
	c.Until = float64(time.Since(start).Round(time.Millisecond)) / float64(time.Second)
	return nil
}

func (r *Recorder) makeService(ctx context.Context, c *Case) error {
	if c.Pod.Labels == nil {
		return errors.New("a pod behind a Service needs labels")
	}
	svc := &corev1.Service{ObjectMeta: metav1.ObjectMeta{Name: c.Name},
		Spec: corev1.ServiceSpec{ClusterIP: corev1.ClusterIPNone, Selector: c.Pod.Labels,
			Ports: []corev1.ServicePort{{Name: "main", Port: 8080, TargetPort: intstr.FromInt32(8080)}}}}
	if _, err := r.cluster.Client.CoreV1().Services(r.namespace).Create(ctx, svc, metav1.CreateOptions{}); err != nil {
		return fmt.Errorf("making the Service of %s: %w", c.Name, err)
	}
	return nil
}

// remove clears the case away, whatever became of it.
func (r *Recorder) remove(c *Case) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	zero := int64(0)
	_ = r.cluster.Client.CoreV1().Pods(r.namespace).Delete(ctx, c.Name, metav1.DeleteOptions{GracePeriodSeconds: &zero})
	if c.Service {
		_ = r.cluster.Client.CoreV1().Services(r.namespace).Delete(ctx, c.Name, metav1.DeleteOptions{})
	}
}

// waitTraps waits for the line UP of each container that says it has set its trap.
func (r *Recorder) waitTraps(ctx context.Context, c *Case, logs *logFiles) error {
	deadline := time.Now().Add(upLimit)
	for {
		missing := slices.DeleteFunc(c.trapping(), func(k string) bool { return logs.contains(k, " UP") })
		if len(missing) == 0 {
			return nil
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("waiting for the traps of %s", strings.Join(missing, ", "))
		}
		if err := r.pause(ctx, 50*time.Millisecond); err != nil {
			return err
		}
	}
}

// trapping lists the containers that print UP when their trap is set.
func (c *Case) trapping() []string {
	var names []string
	prints := func(k string, command []string) {
		if strings.Contains(strings.Join(command, " "), "echo UP") {
			names = append(names, k)
		}
	}
	for _, list := range [][]corev1.Container{c.Pod.Spec.InitContainers, c.Pod.Spec.Containers} {
		for _, k := range list {
			prints(k.Name, k.Command)
		}
	}
	for _, k := range c.Ephemeral {
		prints(k.Name, k.Command)
	}
	return names
}
