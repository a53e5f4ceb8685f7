package record

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/watch"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/test/cluster/harness"
)

// Recorder follows one namespace of one node.
type Recorder struct {
	cluster   *harness.Cluster
	node      *harness.Node
	namespace string
	log       func(format string, args ...any)

	stalls stalls
	before func(context.Context, *Case)

	mu   sync.Mutex
	pods map[string]*subject
}

// subject is what has been seen of one pod, in absolute times.
type subject struct {
	seen     []sighting
	first    map[string]bool // what is recorded once only
	waiting  map[string]string
	latest   *corev1.Pod
	deleted  bool
	grace    *int64
	endpoint string
}

type sighting struct {
	at time.Time
	Event
}

// New starts to follow the namespace, until ctx ends.
func New(ctx context.Context, c *harness.Cluster, node *harness.Node, namespace string, log func(string, ...any)) (*Recorder, error) {
	r := &Recorder{cluster: c, node: node, namespace: namespace, log: log, pods: map[string]*subject{}}
	go r.stalls.watch(ctx)
	if err := followContainerd(ctx, node, r.onTask); err != nil {
		return nil, err
	}
	core := c.Client.CoreV1()
	for what, open := range map[string]func(context.Context, metav1.ListOptions) (watch.Interface, error){
		"pods":      core.Pods(namespace).Watch,
		"events":    core.Events(namespace).Watch,
		"endpoints": c.Client.DiscoveryV1().EndpointSlices(namespace).Watch,
	} {
		w, err := open(ctx, metav1.ListOptions{})
		if err != nil {
			return nil, fmt.Errorf("watching %s: %w", what, err)
		}
		go r.follow(ctx, what, w, open)
	}
	return r, nil
}

// follow reads a watch, and opens it again where the server ends it.
func (r *Recorder) follow(ctx context.Context, what string, w watch.Interface, open func(context.Context, metav1.ListOptions) (watch.Interface, error)) {
	for ctx.Err() == nil {
		for e := range w.ResultChan() {
			r.onWatch(time.Now(), e)
		}
		if ctx.Err() != nil {
			return
		}
		r.log("the watch on %s ended, opening it again", what)
		next, err := open(ctx, metav1.ListOptions{})
		if err != nil {
			time.Sleep(100 * time.Millisecond)
			continue
		}
		w = next
	}
}

func (r *Recorder) subject(name string) *subject {
	s, ok := r.pods[name]
	if !ok {
		s = &subject{first: map[string]bool{}, waiting: map[string]string{}}
		r.pods[name] = s
	}
	return s
}

func (s *subject) add(at time.Time, e Event) { s.seen = append(s.seen, sighting{at, e}) }

func (s *subject) once(at time.Time, e Event) {
	key := e.Type + "/" + e.Container
	if !s.first[key] {
		s.first[key] = true
		s.add(at, e)
	}
}

func (r *Recorder) onTask(t task) {
	if t.namespace != r.namespace {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.subject(t.pod)
	code := t.exitCode
	switch {
	case t.container == "" && t.topic == "start":
		s.add(t.at, Event{Type: "SandboxReady"})
	case t.container == "":
	case t.topic == "start":
		s.add(t.at, Event{Type: "ContainerStarted", Container: t.container})
	case t.topic == "exec-started":
		s.add(t.at, Event{Type: "execStarted", Container: t.container, Reason: t.exec})
	case t.topic == "exit" && t.exec == "":
		s.add(t.at, Event{Type: "ContainerExited", Container: t.container, ExitCode: &code})
	case t.topic == "exit":
		s.add(t.at, Event{Type: "execExited", Container: t.container, Reason: t.exec, ExitCode: &code})
	}
}

func (r *Recorder) onWatch(at time.Time, e watch.Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch o := e.Object.(type) {
	case *corev1.Pod:
		r.subject(o.Name).onPod(at, e.Type, o)
	case *corev1.Event:
		if o.InvolvedObject.Kind == "Pod" && e.Type == watch.Added {
			r.subject(o.InvolvedObject.Name).onEvent(at, o)
		}
	case *discoveryv1.EndpointSlice:
		r.onSlice(at, e.Type, o)
	}
}

func (s *subject) onPod(at time.Time, kind watch.EventType, p *corev1.Pod) {
	s.latest = p
	if kind == watch.Deleted {
		s.deleted = true
		s.once(at, Event{Type: "PodRemoved"})
		s.once(at, Event{Type: "podPhase", Reason: string(p.Status.Phase)})
		return
	}
	if p.Spec.NodeName != "" {
		s.once(at, Event{Type: "PodScheduled"})
	}
	if p.DeletionTimestamp != nil {
		s.once(at, Event{Type: "deletionSeen"})
		if g := p.DeletionGracePeriodSeconds; g != nil && s.grace != nil && *g != *s.grace {
			s.add(at, Event{Type: "graceChanged", Seconds: int(*g)})
		}
		s.grace = p.DeletionGracePeriodSeconds
	}
	if p.Status.Reason != "" {
		s.once(at, Event{Type: "podReason", Container: "", Reason: p.Status.Reason})
	}
	for cond, event := range map[corev1.PodConditionType]string{corev1.PodInitialized: "PodInitialized",
		corev1.ContainersReady: "ContainersReady", corev1.PodReady: "PodReady"} {
		for _, c := range p.Status.Conditions {
			if c.Type == cond && c.Status == corev1.ConditionTrue {
				s.once(at, Event{Type: event})
			}
		}
	}
	for _, list := range [][]corev1.ContainerStatus{p.Status.InitContainerStatuses, p.Status.ContainerStatuses, p.Status.EphemeralContainerStatuses} {
		for _, c := range list {
			s.onContainer(at, c)
		}
	}
}

func (s *subject) onContainer(at time.Time, c corev1.ContainerStatus) {
	if c.Started != nil && *c.Started {
		s.once(at, Event{Type: "ContainerStartedStatus", Container: c.Name})
	}
	if c.Ready {
		s.once(at, Event{Type: "ContainerReady", Container: c.Name})
	}
	reason, message := "", ""
	if w := c.State.Waiting; w != nil {
		reason, message = w.Reason, w.Message
	}
	if reason == s.waiting[c.Name] {
		return
	}
	s.waiting[c.Name] = reason
	if reason == "" {
		return
	}
	s.add(at, Event{Type: "ContainerWaiting", Container: c.Name, Reason: reason})
	if seconds, ok := backoffSeconds(message); ok {
		s.add(at, Event{Type: "BackoffStarted", Container: c.Name, Seconds: seconds})
	}
}

// backoffSeconds reads "back-off 1m20s restarting failed container=…".
func backoffSeconds(message string) (int, bool) {
	m := regexp.MustCompile(`^back-off (\S+) restarting`).FindStringSubmatch(message)
	if m == nil {
		return 0, false
	}
	d, err := time.ParseDuration(m[1])
	return int(d / time.Second), err == nil
}

func (s *subject) onEvent(at time.Time, e *corev1.Event) {
	switch e.Reason {
	case "Killing", "Unhealthy", "FailedPostStartHook", "FailedPreStopHook", "Evicted", "DeadlineExceeded", "BackOff", "Preempted":
	default:
		return
	}
	container := ""
	if m := regexp.MustCompile(`\{(.+)\}$`).FindStringSubmatch(e.InvolvedObject.FieldPath); m != nil {
		container = m[1]
	}
	reason := e.Reason
	if e.Reason == "Killing" && strings.Contains(e.Message, "will be restarted") {
		reason = "KillingToRestart"
	}
	s.add(at, Event{Type: "Event", Container: container, Reason: reason})
}

// onSlice notes when a pod's endpoint becomes ready and stops to be.
func (r *Recorder) onSlice(at time.Time, kind watch.EventType, slice *discoveryv1.EndpointSlice) {
	service := slice.Labels[discoveryv1.LabelServiceName]
	s := r.subject(service) // the Service has its pod's name
	state := "absent"
	for _, ep := range slice.Endpoints {
		if kind != watch.Deleted && ep.TargetRef != nil && ep.TargetRef.Name == service {
			state = "ready=" + strconv.FormatBool(ep.Conditions.Ready != nil && *ep.Conditions.Ready)
		}
	}
	before := s.endpoint
	s.endpoint = state
	switch {
	case state == before:
	case state == "ready=true":
		s.add(at, Event{Type: "EndpointReady"})
	case before == "ready=true":
		s.add(at, Event{Type: "EndpointNotReady"})
	}
}
