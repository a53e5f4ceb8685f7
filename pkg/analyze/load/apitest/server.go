// Package apitest serves recorded objects the way an API server does, so that
// tests run the real client against it: discovery, get, list with pages, label
// and field selectors, and the ways in which a server refuses.
//
// It keeps nothing but what it was given, and neither checks nor changes it.
package apitest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/yaml"
)

// A Call is one request. Verb is get, list, discovery, version, or the HTTP
// method of anything else.
type Call struct {
	Verb, Resource, Group, Namespace, Name string
	Labels, Fields, Continue, Accept       string
	Limit                                  int
}

// String is "list pods" or "get pods web".
func (c Call) String() string {
	return strings.TrimSpace(strings.Join([]string{c.Verb, c.Resource, c.Name}, " "))
}

// A Fault is how the server answers a call wrongly; the zero Fault is none.
type Fault struct {
	Status *apierrors.StatusError
	// Delay passes before the answer.
	Delay time.Duration
	// Cut ends the connection in the middle of the answer.
	Cut bool
}

// A Server serves objects.
type Server struct {
	URL string

	mu       sync.Mutex
	objects  []*unstructured.Unstructured
	calls    []Call
	fault    func(Call) Fault
	closedCh chan struct{}
}

// New serves the objects of Lists in YAML files until the test ends.
func New(t testing.TB, files ...string) *Server {
	t.Helper()
	s := &Server{closedCh: make(chan struct{})}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.addList(data); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	h := httptest.NewServer(http.HandlerFunc(s.serve))
	t.Cleanup(func() { close(s.closedCh); h.Close() })
	s.URL = h.URL
	return s
}

func (s *Server) addList(data []byte) error {
	var list struct {
		Items []map[string]any `json:"items"`
	}
	if err := yaml.Unmarshal(data, &list); err != nil {
		return fmt.Errorf("parse the list: %w", err)
	}
	for _, item := range list.Items {
		s.Add(&unstructured.Unstructured{Object: item})
	}
	return nil
}

// Add serves one more object.
func (s *Server) Add(objects ...*unstructured.Unstructured) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.objects = append(s.objects, objects...)
	slices.SortStableFunc(s.objects, func(a, b *unstructured.Unstructured) int {
		return strings.Compare(a.GetNamespace()+"/"+a.GetName(), b.GetNamespace()+"/"+b.GetName())
	})
}

// Fail makes the server ask what to do wrong before each answer.
func (s *Server) Fail(fault func(Call) Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fault = fault
}

// Forbid refuses calls such as "list pods" or "get nodes"; "*" stands for all
// verbs or all resources.
func (s *Server) Forbid(calls ...string) {
	s.Fail(func(c Call) Fault {
		for _, f := range calls {
			verb, resource, _ := strings.Cut(f, " ")
			if (verb == "*" || verb == c.Verb) && (resource == "*" || resource == c.Resource) && c.Resource != "" {
				return Fault{Status: Forbidden(c)}
			}
		}
		return Fault{}
	})
}

// AllowOnly forbids all other calls.
func (s *Server) AllowOnly(calls ...string) {
	s.Fail(func(c Call) Fault {
		if c.Resource == "" || slices.Contains(calls, c.Verb+" "+c.Resource) {
			return Fault{}
		}
		return Fault{Status: Forbidden(c)}
	})
}

// Forbidden is what the server's RBAC answers.
func Forbidden(c Call) *apierrors.StatusError {
	return apierrors.NewForbidden(schema.GroupResource{Group: c.Group, Resource: c.Resource}, c.Name,
		fmt.Errorf("user %q cannot %s resource %q in API group %q in the namespace %q", "jane", c.Verb, c.Resource, c.Group, c.Namespace))
}

// Calls are the requests so far without discovery.
func (s *Server) Calls() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(s.calls), func(c Call) bool { return c.Verb == "discovery" })
}

// Count counts the requests so far without discovery: "list pods": 2.
func (s *Server) Count() map[string]int {
	out := map[string]int{}
	for _, c := range s.Calls() {
		out[strings.TrimSpace(c.Verb+" "+c.Resource)]++
	}
	return out
}

// Reset forgets the requests so far.
func (s *Server) Reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = nil
}

// resourceOf is the plural that a kind is served under.
func resourceOf(gvk schema.GroupVersionKind) string {
	plural, _ := meta.UnsafeGuessKindToResource(gvk)
	return plural.Resource
}
