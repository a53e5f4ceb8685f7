package harness

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"os"
	"time"
)

// The API server reads logs from a kubelet's server, which therefore listens on
// the node's address (Kubernetes takes no loopback address for a node) and lets
// in nobody but the owner of one certificate, made for the run.

func (c *Cluster) clientCert() string { return c.path("kubelet-client.crt") }
func (c *Cluster) clientKey() string  { return c.path("kubelet-client.key") }

// writeClientCertificate makes the certificate by which a kubelet knows the API
// server. It is its own authority, and valid longer than any run lasts.
func (c *Cluster) writeClientCertificate() error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return fmt.Errorf("making a key for the kubelets' client: %w", err)
	}
	now := time.Now()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(now.UnixNano()), Subject: pkix.Name{CommonName: "kube-apiserver"},
		NotBefore: now.Add(-time.Hour), NotAfter: now.AddDate(1, 0, 0),
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, IsCA: true, BasicConstraintsValid: true,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return fmt.Errorf("making a certificate for the kubelets' client: %w", err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return fmt.Errorf("making a key for the kubelets' client: %w", err)
	}
	for file, block := range map[string]*pem.Block{
		c.clientCert(): {Type: "CERTIFICATE", Bytes: cert},
		c.clientKey():  {Type: "PRIVATE KEY", Bytes: secret},
	} {
		if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
			return fmt.Errorf("writing the certificate of the kubelets' client: %w", err)
		}
	}
	return nil
}

// toKubelets are the API server's flags for reaching kubelets. A kubelet makes
// its own serving certificate, which nobody here could check.
func (c *Cluster) toKubelets() []string {
	return []string{
		"--kubelet-client-certificate=" + c.clientCert(), "--kubelet-client-key=" + c.clientKey(),
		"--kubelet-preferred-address-types=InternalIP",
	}
}
