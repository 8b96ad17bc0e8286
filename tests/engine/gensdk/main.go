// Command gensdk writes the packages for Python and TypeScript that `pulumi package add` would generate from a schema.
//
// The Pulumi CLI leaves that to the hosts of the languages, which come only with a full installation of Pulumi.
package main

import (
	"encoding/json"
	"log"
	"os"
	"path/filepath"

	"github.com/pulumi/pulumi/pkg/v3/codegen/nodejs"
	"github.com/pulumi/pulumi/pkg/v3/codegen/python"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
)

// The arguments are the schema and the directory to write to, which gets a folder for each language.
func main() {
	for _, language := range []string{"nodejs", "python"} {
		files, err := generate(language, os.Args[1])
		if err != nil {
			log.Fatal(err)
		}
		if err := write(filepath.Join(os.Args[2], language), files); err != nil {
			log.Fatal(err)
		}
	}
}

// generate returns the files of the package for a language. Each language binds the schema anew, because it changes it.
func generate(language, path string) (map[string][]byte, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var spec schema.PackageSpec
	if err := json.Unmarshal(text, &spec); err != nil {
		return nil, err
	}
	// The package refers to no other one.
	bound, diagnostics, err := schema.BindSpec(spec, schema.NewNullLoader(), schema.ValidationOptions{})
	if err != nil {
		return nil, err
	}
	if diagnostics.HasErrors() {
		return nil, diagnostics
	}
	if language == "nodejs" {
		return nodejs.GeneratePackage("gensdk", bound, nil, nil, true, nil)
	}
	return python.GeneratePackage("gensdk", bound, nil, nil)
}

func write(directory string, files map[string][]byte) error {
	for name, content := range files {
		path := filepath.Join(directory, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, content, 0o644); err != nil {
			return err
		}
	}
	return nil
}
