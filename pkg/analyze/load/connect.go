package load

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/rest"
)

// How long and how fast the server is asked. The rates are kubectl's own.
const (
	queriesPerSecond = 50
	queryBurst       = 300
	dialTimeout      = 5 * time.Second
	// answerTimeout bounds one request where --request-timeout says nothing.
	answerTimeout = 60 * time.Second
	// retries of a request that the server put off or whose connection broke.
	retries = 3
	// inFlight is how many requests are under way at once.
	inFlight = 6
)

// A server is an API server and what was asked of it so far.
type server struct {
	host      string
	client    *rest.RESTClient
	mapper    func() (meta.RESTMapper, error)
	namespace string // of the kubeconfig, or -n
	slots     chan struct{}
}

// connect reads the kubeconfig; it does not yet talk to the server.
func connect(p *plan) (*server, error) {
	if p.Kube == nil {
		return nil, &UserError{Message: "nothing to read: no file was named, and no cluster is configured"}
	}
	loader := p.Kube.ToRawKubeConfigLoader()
	namespace, _, err := loader.Namespace()
	if err != nil {
		return nil, configError(err)
	}
	if p.Namespace != "" {
		namespace = p.Namespace
	}
	config, err := p.Kube.ToRESTConfig()
	if err != nil {
		return nil, configError(err)
	}
	if raw, err := loader.RawConfig(); err == nil && len(raw.Clusters) == 0 && config.Host == "http://localhost:8080" {
		return nil, noConfig(nil)
	}
	client, err := newClient(config)
	if err != nil {
		return nil, configError(err)
	}
	return &server{
		host: config.Host, client: client, mapper: p.Kube.ToRESTMapper,
		namespace: namespace, slots: make(chan struct{}, inFlight),
	}, nil
}

// newClient makes one client for all groups. Protobuf halves both the bytes and
// the time; a server that does not know it answers in JSON.
func newClient(config *rest.Config) (*rest.RESTClient, error) {
	c := rest.CopyConfig(config)
	c.NegotiatedSerializer = scheme.Codecs.WithoutConversion()
	c.AcceptContentTypes = runtime.ContentTypeProtobuf + "," + runtime.ContentTypeJSON
	c.ContentType = runtime.ContentTypeProtobuf
	c.GroupVersion = &schema.GroupVersion{Version: "v1"}
	c.QPS, c.Burst = queriesPerSecond, queryBurst
	c.WarningHandler = rest.NoWarnings{}
	if c.UserAgent == "" {
		c.UserAgent = "kubectl-lifecycle"
	}
	if c.Timeout == 0 {
		c.Timeout = answerTimeout
	}
	if c.Dial == nil {
		c.Dial = (&net.Dialer{Timeout: min(dialTimeout, c.Timeout), KeepAlive: 30 * time.Second}).DialContext
	}
	var httpClient *http.Client
	httpClient, err := rest.HTTPClientFor(c)
	if err != nil {
		return nil, fmt.Errorf("set up the connection: %w", err)
	}
	return rest.UnversionedRESTClientForConfigAndClient(c, httpClient)
}

// path is where a kind is served.
func (k kind) path(namespace, name string) []string {
	segments := []string{"/apis", k.Group, k.version}
	if k.Group == "" {
		segments = []string{"/api", k.version}
	}
	if !k.clusterWide && namespace != "" {
		segments = append(segments, "namespaces", namespace)
	}
	segments = append(segments, k.resource)
	if name != "" {
		segments = append(segments, name)
	}
	return segments
}

// request waits for a free slot; done gives it back.
func (s *server) request(ctx context.Context, k kind, namespace, name string) (r *rest.Request, done func(), err error) {
	if k.GroupKind == kindSecret {
		return nil, nil, &UserError{Message: "secrets are never read"}
	}
	select {
	case s.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, nil, ctx.Err()
	}
	return s.client.Get().AbsPath(k.path(namespace, name)...).MaxRetries(retries), func() { <-s.slots }, nil
}
