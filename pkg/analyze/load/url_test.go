package load

import (
	"context"
	"strings"
	"testing"
)

// A password in a URL is for the server, not for logs.
func TestPasswordsAreNotShown(t *testing.T) {
	in, err := readFiles(context.Background(), Request{Filenames: []string{"HTTP://user:secret@127.0.0.1:1/web.yaml"}})
	if err != nil || len(in.Errors) != 1 {
		t.Fatal(err, summary(in))
	}
	if got := in.Errors[0].Error(); !strings.HasPrefix(got, "http://user:xxxxx@127.0.0.1:1/web.yaml: cannot be read") || strings.Contains(got, "secret") {
		t.Errorf("error: %s", got)
	}
}
