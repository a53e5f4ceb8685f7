package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestIdentify(t *testing.T) {
	for _, tc := range []struct {
		text string
		want []string
	}{
		{"Apache License\n   Version 2.0, January 2004", []string{"Apache-2.0"}},
		{"Permission is hereby granted, free\nof charge, to any person", []string{"MIT"}},
		{"Redistribution and use in source and binary forms … Neither the name of X nor", []string{"BSD-3-Clause"}},
		{"Redistribution and use in source and binary forms, with or without", []string{"BSD-2-Clause"}},
		{"Permission to use, copy, modify, and/or distribute this software", []string{"ISC"}},
		{"GNU GENERAL PUBLIC LICENSE Version 3", []string{"GPL"}},
		{"Mozilla Public License Version 2.0", []string{"MPL-2.0"}},
		{"all rights reserved", nil},
	} {
		if diff := cmp.Diff(tc.want, identify([]byte(tc.text))); diff != "" {
			t.Errorf("%q (-want +got)\n%s", tc.text, diff)
		}
	}
}

// TestArchivesAgree: the same files at the same commit make the same bytes,
// whenever and wherever they are packed.
func TestArchivesAgree(t *testing.T) {
	files := []entry{{"kubectl-lifecycle", 0o755, []byte("program")}, {"LICENSE", 0o644, []byte("text")}}
	when := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for name, write := range map[string]func(string, []entry, time.Time) error{"tar": writeTar, "zip": writeZip} {
		var packed [2][]byte
		for i := range packed {
			file := filepath.Join(t.TempDir(), "archive")
			if err := write(file, files, when.In(time.FixedZone("", i*3600))); err != nil {
				t.Fatal(err)
			}
			var err error
			if packed[i], err = os.ReadFile(file); err != nil {
				t.Fatal(err)
			}
		}
		if !bytes.Equal(packed[0], packed[1]) {
			t.Errorf("two archives of the format %s differ", name)
		}
	}
}
