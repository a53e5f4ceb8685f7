// Package validate tells what the API server would refuse, field by field, for
// the kinds that pods, their owners and their surroundings are made of. The
// rules are those of Kubernetes 1.36.3 (pkg/apis/*/validation and the defaults
// that are applied before it), reduced to creation; differences between versions
// come in through Options.
//
// It is careful in one direction: what it does not know it accepts. It does not
// decode (unknown fields and wrong types are found by the decoder), does not
// validate updates or status, and knows nothing of admission webhooks, quotas or
// other objects.
package validate
