package load

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	utilnet "k8s.io/apimachinery/pkg/util/net"
	"k8s.io/client-go/tools/clientcmd"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// why says in a few words why something could not be read, for gaps.
func why(err error) string {
	switch {
	case apierrors.IsForbidden(err):
		return "forbidden"
	case apierrors.IsNotFound(err), apierrors.IsMethodNotSupported(err):
		return "not served by this cluster"
	case apierrors.IsUnauthorized(err):
		return "the cluster does not accept the credentials"
	case apierrors.IsTooManyRequests(err):
		return "the cluster is too busy"
	case isTimeout(err):
		return "no answer in time"
	case isCut(err):
		return "the connection broke off"
	}
	return oneLine(err)
}

// isMissing says that the kind is served and the object does not exist: the
// server names it. Whatever else answers 404 serves no such kind.
func isMissing(err error) bool {
	var status apierrors.APIStatus
	return apierrors.IsNotFound(err) && errors.As(err, &status) && status.Status().Details != nil && status.Status().Details.Name != ""
}

// isCut says whether the answer stopped half-way. The REST client puts what it
// met while reading a body into words only.
func isCut(err error) bool {
	return errors.Is(err, io.ErrUnexpectedEOF) || utilnet.IsProbableEOF(err) || utilnet.IsConnectionReset(err) ||
		utilnet.IsHTTP2ConnectionLost(err) || strings.Contains(err.Error(), "unexpected EOF")
}

func isTimeout(err error) bool {
	var t interface{ Timeout() bool }
	return errors.Is(err, context.DeadlineExceeded) || (errors.As(err, &t) && t.Timeout()) ||
		apierrors.IsTimeout(err) || apierrors.IsServerTimeout(err)
}

func oneLine(err error) string {
	return strings.Join(strings.Fields(err.Error()), " ")
}

// isServerAnswer says that the server was reached and let the user in, so that a
// failure concerns one kind only.
func isServerAnswer(err error) bool {
	var status apierrors.APIStatus
	return errors.As(err, &status) && !apierrors.IsUnauthorized(err)
}

// noConfig says that there is no cluster to talk to.
func noConfig(cause error) error {
	return &UserError{
		Message: "no cluster is configured: no kubeconfig was found",
		Hints: []string{
			hint("point to one", "--kubeconfig FILE, or the environment variable KUBECONFIG"),
			hint("or read files", "kubectl lifecycle explain -f FILE"),
		},
		Cause: cause,
	}
}

// configError puts a kubeconfig that cannot be used into words.
func configError(err error) error {
	switch {
	case clientcmd.IsEmptyConfig(err):
		return noConfig(err)
	case clientcmd.IsContextNotFound(err):
		name := err.Error()[strings.LastIndex(err.Error(), ": ")+1:]
		return &UserError{Message: fmt.Sprintf("the kubeconfig has no context %q", strings.TrimSpace(name)), Hints: []string{hint("see them all", "kubectl config get-contexts")}, Cause: err}
	}
	return &UserError{
		Message: "the kubeconfig cannot be used: " + oneLine(err),
		Hints:   []string{hint("look at it", "kubectl config view --minify")}, Cause: err,
	}
}

// failure puts into words that a subject, or the cluster at all, cannot be read.
// what is "get pod \"web\"" or "list pods".
func (s *server) failure(err error, verb string, k kind, namespace, name string) error {
	if ue := (*UserError)(nil); errors.As(err, &ue) {
		return ue
	}
	if errors.Is(err, context.Canceled) {
		return err
	}
	in := ""
	flag := ""
	switch {
	case k.clusterWide:
	case namespace == "":
		flag = " -A"
	default:
		in, flag = fmt.Sprintf(" in namespace %q", namespace), " -n "+namespace
	}
	what := k.String()
	if name != "" {
		what = fmt.Sprintf("%s %q", k.singular(), name)
	}
	switch {
	case apierrors.IsForbidden(err):
		return &UserError{
			Message: fmt.Sprintf("you may not %s %s%s, it is forbidden: %s", verb, what, in, reasonOf(err)),
			Hints:   []string{hint("check with", fmt.Sprintf("kubectl auth can-i %s %s%s", verb, k, flag))}, Cause: err,
		}
	case apierrors.IsNotFound(err) && !isMissing(err):
		return &UserError{Message: fmt.Sprintf("the server at %s does not serve %s (%s)", s.host, k, k.groupVersion()), Hints: []string{hint("see them all", "kubectl api-resources")}, Cause: err}
	case apierrors.IsNotFound(err):
		return &UserError{Message: fmt.Sprintf("%s not found%s", what, in), Cause: err}
	case apierrors.IsUnauthorized(err):
		return &UserError{
			Message: "the cluster at " + s.host + " does not accept your credentials: they may have expired",
			Hints:   []string{hint("sign in again", "then   kubectl auth whoami")}, Cause: err,
		}
	case isServerAnswer(err):
		return &UserError{Message: fmt.Sprintf("cannot %s %s%s: %s", verb, what, in, oneLine(err)), Cause: err}
	}
	return s.unreachable(err)
}

// reasonOf is what the server said when it refused, without what it repeats.
func reasonOf(err error) string {
	text := oneLine(err)
	if _, after, ok := strings.Cut(text, " is forbidden: "); ok {
		return after
	}
	return text
}

// unreachable tells the ways apart in which a cluster can be out of reach.
func (s *server) unreachable(err error) error {
	e := &UserError{Cause: err, Hints: []string{
		hint("check with", "kubectl cluster-info"),
		hint("or choose", "--context NAME from   kubectl config get-contexts"),
	}}
	var dns *net.DNSError
	var unknownCA x509.UnknownAuthorityError
	var badCert *tls.CertificateVerificationError
	var address *url.Error
	_, credentials, noCredentials := strings.Cut(err.Error(), "getting credentials: ")
	credentials, _, _ = strings.Cut(credentials, "\n") // what follows is general advice
	switch {
	case noCredentials:
		e.Message = fmt.Sprintf("cannot get credentials for the cluster at %s: %s", s.host, credentials)
	case isTimeout(err):
		e.Message = fmt.Sprintf("the cluster at %s does not answer", s.host)
	case errors.As(err, &dns):
		e.Message = fmt.Sprintf("the cluster at %s cannot be found: there is no host %q", s.host, dns.Name)
	case utilnet.IsConnectionRefused(err):
		e.Message = fmt.Sprintf("the connection to the cluster at %s was refused", s.host)
	case errors.As(err, &unknownCA), errors.As(err, &badCert):
		e.Message = fmt.Sprintf("the certificate of the cluster at %s cannot be trusted: %s", s.host, oneLine(err))
	case strings.Contains(err.Error(), "serializer for text/"): // a proxy's or a sign-in page
		e.Message = fmt.Sprintf("the server at %s answers with a page of text, not as a Kubernetes API does", s.host)
	case isCut(err):
		e.Message = fmt.Sprintf("the connection to the cluster at %s broke off", s.host)
	case errors.As(err, &address):
		e.Message = fmt.Sprintf("cannot talk to the cluster at %s: %s", s.host, oneLine(address.Err))
	default:
		e.Message = fmt.Sprintf("cannot talk to the cluster at %s: %s", s.host, oneLine(err))
	}
	return e
}

// gapFor is what a refused or failed list leaves behind.
func gapFor(k kind, namespace, name string, err error) analyze.Gap {
	g := newGap(k, namespace, why(err))
	if name != "" {
		g.What = k.singular() + "/" + name
	}
	return g
}
