package harness

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"net"
	"os"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"
)

type ports struct {
	etcdClient, etcdPeer, api, controllers, scheduler int
}

// Users with a token of their own, beside the administrator. They have no
// rights until a test binds them to a role; the name is the user's name.
func users() []string { return []string{"admin", "viewer", "restricted", "nobody"} }

func freePorts(n int, ip string) ([]int, error) {
	var out []int
	for range n {
		l, err := net.Listen("tcp", net.JoinHostPort(ip, "0"))
		if err != nil {
			return nil, fmt.Errorf("looking for a free port: %w", err)
		}
		defer func() { _ = l.Close() }() // all at the end, so that no port comes twice
		out = append(out, l.Addr().(*net.TCPAddr).Port)
	}
	return out, nil
}

func (c *Cluster) startControlPlane(ctx context.Context) error {
	p, err := freePorts(5, "127.0.0.1")
	if err != nil {
		return err
	}
	c.port = ports{p[0], p[1], p[2], p[3], p[4]}
	if err := c.writeSecrets(); err != nil {
		return err
	}
	if err := c.writeClientCertificate(); err != nil {
		return err
	}
	if err := c.startEtcd(); err != nil {
		return err
	}
	if err := c.StartAPIServer(ctx); err != nil {
		return err
	}
	for _, user := range users() {
		if _, err := c.writeKubeconfig(user); err != nil {
			return err
		}
	}
	c.Kubeconfig = c.KubeconfigOf("admin")
	if err := c.connect(); err != nil {
		return err
	}
	if err := c.startControllers(); err != nil {
		return err
	}
	return c.WaitForServiceAccount(ctx, "default")
}

func (c *Cluster) writeSecrets() error {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return fmt.Errorf("making a key for service accounts: %w", err)
	}
	block := pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)})
	if err := os.WriteFile(c.path("sa.key"), block, 0o600); err != nil {
		return fmt.Errorf("writing the key for service accounts: %w", err)
	}
	c.token = map[string]string{}
	var lines []string
	for i, user := range users() {
		var b [16]byte
		if _, err := rand.Read(b[:]); err != nil {
			return fmt.Errorf("making a token: %w", err)
		}
		c.token[user] = hex.EncodeToString(b[:])
		groups := ""
		if user == "admin" {
			groups = ",system:masters"
		}
		lines = append(lines, fmt.Sprintf("%s,%s,%d%s", c.token[user], user, i, groups))
	}
	if err := os.WriteFile(c.path("tokens.csv"), []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
		return fmt.Errorf("writing the tokens: %w", err)
	}
	return nil
}

// KubeconfigOf returns the kubeconfig of one of the users admin, viewer,
// restricted and nobody.
func (c *Cluster) KubeconfigOf(user string) string { return c.path("kubeconfig-" + user) }

func (c *Cluster) writeKubeconfig(user string) (string, error) {
	ca, err := os.ReadFile(c.path("pki", "apiserver.crt"))
	if err != nil {
		return "", fmt.Errorf("reading the API server's certificate: %w", err)
	}
	cfg := clientcmdapi.NewConfig()
	cfg.Clusters["lifecycle"] = &clientcmdapi.Cluster{Server: c.URL(), CertificateAuthorityData: ca}
	cfg.AuthInfos[user] = &clientcmdapi.AuthInfo{Token: c.token[user]}
	cfg.Contexts["lifecycle"] = &clientcmdapi.Context{Cluster: "lifecycle", AuthInfo: user, Namespace: "default"}
	cfg.CurrentContext = "lifecycle"
	if err := clientcmd.WriteToFile(*cfg, c.KubeconfigOf(user)); err != nil {
		return "", fmt.Errorf("writing a kubeconfig: %w", err)
	}
	return c.KubeconfigOf(user), nil
}

// URL is the API server's address.
func (c *Cluster) URL() string { return "https://127.0.0.1:" + strconv.Itoa(c.port.api) }

func (c *Cluster) startEtcd() error {
	client := fmt.Sprintf("http://127.0.0.1:%d", c.port.etcdClient)
	peer := fmt.Sprintf("http://127.0.0.1:%d", c.port.etcdPeer)
	return c.launch("etcd", c.Bin.Path("etcd"), nil,
		"--name=lifecycle", "--data-dir="+c.path("etcd"), "--unsafe-no-fsync", "--log-level=warn",
		"--listen-client-urls="+client, "--advertise-client-urls="+client,
		"--listen-peer-urls="+peer, "--initial-advertise-peer-urls="+peer, "--initial-cluster=lifecycle="+peer)
}

// StartAPIServer starts the API server, again if it was stopped, and waits
// until it is ready.
func (c *Cluster) StartAPIServer(ctx context.Context) error {
	args := slices.Concat(c.apiServerArgs(), c.toKubelets(), c.gates())
	if err := c.launch("kube-apiserver", c.Bin.Path("kube-apiserver"), nil, args...); err != nil {
		return err
	}
	return c.waitReady(ctx, c, "kube-apiserver")
}

func (c *Cluster) apiServerArgs() []string {
	return []string{
		fmt.Sprintf("--etcd-servers=http://127.0.0.1:%d", c.port.etcdClient),
		"--cert-dir=" + c.path("pki"), "--bind-address=127.0.0.1", "--secure-port=" + strconv.Itoa(c.port.api),
		"--token-auth-file=" + c.path("tokens.csv"), "--authorization-mode=RBAC",
		"--service-account-key-file=" + c.path("sa.key"), "--service-account-signing-key-file=" + c.path("sa.key"),
		"--service-account-issuer=https://kubernetes.default.svc", "--service-cluster-ip-range=10.243.0.0/16",
		"--endpoint-reconciler-type=none", "--allow-privileged=true", "--profiling=false",
	}
}

// StopAPIServer takes the API server away; everything else goes on.
func (c *Cluster) StopAPIServer() error { return c.halt("kube-apiserver") }

// waitReady waits for an API server of this run: that of c, or one beside it.
func (c *Cluster) waitReady(ctx context.Context, of *Cluster, name string) error {
	for {
		if _, err := os.Stat(of.path("pki", "apiserver.crt")); err == nil {
			if of.askReady(ctx) {
				return nil
			}
		}
		if !c.alive(name) || !c.alive("etcd") {
			return errors.New("the API server or etcd ended while starting")
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("waiting for the API server: %w", ctx.Err())
		case <-time.After(100 * time.Millisecond):
		}
	}
}

func (c *Cluster) askReady(ctx context.Context) bool {
	probe := &Cluster{Dir: c.Dir, port: c.port, token: c.token}
	file, err := probe.writeKubeconfig("admin")
	if err != nil {
		return false
	}
	probe.Kubeconfig = file
	if err := probe.connect(); err != nil {
		return false
	}
	_, err = probe.Client.Discovery().RESTClient().Get().AbsPath("/readyz").Timeout(5 * time.Second).DoRaw(ctx)
	return err == nil
}

func (c *Cluster) gates() []string {
	if len(c.opts.Gates) == 0 {
		return nil
	}
	var list []string
	for name, on := range c.opts.Gates {
		list = append(list, name+"="+strconv.FormatBool(on))
	}
	sort.Strings(list)
	return []string{"--feature-gates=" + strings.Join(list, ",")}
}

func (c *Cluster) startControllers() error {
	manager := []string{
		"--kubeconfig=" + c.Kubeconfig, "--leader-elect=false", "--bind-address=127.0.0.1",
		"--secure-port=" + strconv.Itoa(c.port.controllers), "--cert-dir=" + c.path("pki"), "--profiling=false",
		"--service-account-private-key-file=" + c.path("sa.key"), "--root-ca-file=" + c.path("pki", "apiserver.crt"),
		"--kube-api-qps=200", "--kube-api-burst=400",
	}
	if err := c.launch("kube-controller-manager", c.Bin.Path("kube-controller-manager"), nil, append(manager, c.gates()...)...); err != nil {
		return err
	}
	scheduler := []string{
		"--kubeconfig=" + c.Kubeconfig, "--leader-elect=false", "--bind-address=127.0.0.1",
		"--secure-port=" + strconv.Itoa(c.port.scheduler), "--cert-dir=" + c.path("pki"), "--profiling=false",
		"--kube-api-qps=200", "--kube-api-burst=400",
	}
	return c.launch("kube-scheduler", c.Bin.Path("kube-scheduler"), nil, append(scheduler, c.gates()...)...)
}

// WaitForServiceAccount waits until pods can be made in a namespace.
func (c *Cluster) WaitForServiceAccount(ctx context.Context, namespace string) error {
	for {
		if _, err := c.Client.CoreV1().ServiceAccounts(namespace).Get(ctx, "default", metav1.GetOptions{}); err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("waiting for the service account of namespace %s: %w", namespace, ctx.Err())
		case <-time.After(50 * time.Millisecond):
		}
	}
}
