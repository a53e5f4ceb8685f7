package validate

import (
	"maps"
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// maxConfig is how many bytes a ConfigMap or Secret may hold.
const maxConfig = 1 << 20

// ConfigMap refuses keys, and more data than fits.
func ConfigMap(c *corev1.ConfigMap) field.ErrorList {
	var e errs
	size := 0
	for _, key := range slices.Sorted(maps.Keys(c.Data)) {
		e.configKey("data", key)
		if _, twice := c.BinaryData[key]; twice {
			invalid(&e, field.NewPath("data").Key(key), key, "duplicate of key present in binaryData")
		}
		size += len(c.Data[key])
	}
	for _, key := range slices.Sorted(maps.Keys(c.BinaryData)) {
		e.configKey("binaryData", key)
		size += len(c.BinaryData[key])
	}
	if size > maxConfig {
		e.add(field.TooLong(field.NewPath("data"), "", maxConfig))
	}
	return e.list
}

// Secret refuses keys, more data than fits, and a type without its keys. Values are
// not looked at.
func Secret(s *corev1.Secret) field.ErrorList {
	var e errs
	size := 0
	for _, key := range slices.Sorted(maps.Keys(s.Data)) {
		e.configKey("data", key)
		size += len(s.Data[key])
	}
	for _, key := range slices.Sorted(maps.Keys(s.StringData)) {
		e.configKey("data", key) // where the server has put it when it judges
		size += len(s.StringData[key])
	}
	if size > maxConfig {
		e.add(field.TooLong(field.NewPath("data"), "", maxConfig))
	}
	e.secretType(s)
	return e.list
}

func (e *errs) secretType(s *corev1.Secret) {
	missing := func(key string) bool {
		_, bytes := s.Data[key]
		_, text := s.StringData[key]
		return !bytes && !text
	}
	need := func(keys ...string) {
		for _, key := range keys {
			if missing(key) {
				e.required(field.NewPath("data").Key(key), "")
			}
		}
	}
	switch s.Type { //nolint:exhaustive // the others need no keys
	case corev1.SecretTypeServiceAccountToken:
		if s.Annotations[corev1.ServiceAccountNameKey] == "" {
			e.required(field.NewPath("metadata", "annotations").Key(corev1.ServiceAccountNameKey), "")
		}
	case corev1.SecretTypeDockercfg:
		need(corev1.DockerConfigKey)
	case corev1.SecretTypeDockerConfigJson:
		need(corev1.DockerConfigJsonKey)
	case corev1.SecretTypeBasicAuth: // one of them is enough
		if missing(corev1.BasicAuthUsernameKey) && missing(corev1.BasicAuthPasswordKey) {
			need(corev1.BasicAuthUsernameKey, corev1.BasicAuthPasswordKey)
		}
	case corev1.SecretTypeSSHAuth:
		if len(s.Data[corev1.SSHAuthPrivateKey])+len(s.StringData[corev1.SSHAuthPrivateKey]) == 0 {
			e.required(field.NewPath("data").Key(corev1.SSHAuthPrivateKey), "")
		}
	case corev1.SecretTypeTLS:
		need(corev1.TLSCertKey, corev1.TLSPrivateKeyKey)
	}
}

func (e *errs) configKey(part, key string) {
	invalid(e, field.NewPath(part).Key(key), key, validation.IsConfigMapKey(key)...)
}
