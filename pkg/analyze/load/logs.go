package load

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// logBytes bounds what is read of one container's log.
const logBytes = 64 << 10

// Logs reads the last lines of a container's log, of the instance before the
// current one if previous is set. It needs the right to get pods/log.
func Logs(ctx context.Context, req Request, pod analyze.Ref, container string, previous bool, lines int) ([]string, error) {
	config, err := req.Kube.ToRESTConfig()
	if err != nil {
		return nil, configError(err)
	}
	client, err := newClient(config)
	if err != nil {
		return nil, configError(err)
	}
	answer := client.Get().AbsPath("/api/v1").Namespace(pod.Namespace).Resource("pods").Name(pod.Name).SubResource("log").
		Param("container", container).Param("previous", strconv.FormatBool(previous)).
		Param("tailLines", strconv.Itoa(lines)).Param("limitBytes", strconv.Itoa(logBytes)).
		SetHeader("Accept", "*/*").Do(ctx)
	data, err := answer.Raw()
	if err != nil {
		// Only Error reads what the server says about it.
		return nil, fmt.Errorf("read the log of container %s of %s: %w", container, pod, answer.Error())
	}
	text := strings.TrimSuffix(string(data), "\n")
	if text == "" {
		return nil, nil
	}
	return strings.Split(text, "\n"), nil
}
