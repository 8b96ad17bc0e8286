// Preview a compiled program as an inline program of the Automation API, which needs no host of the language. The
// arguments are the program, a folder with its Pulumi.yaml, and its configuration as JSON. Print what would be created.
const { LocalWorkspace } = require(require.resolve("@pulumi/pulumi/automation", { paths: [process.argv[3]] }));

async function preview([program, workDir, config]) {
    const stack = await LocalWorkspace.createStack(
        { stackName: "typescript", projectName: "tools", program: async () => require(program) },
        { workDir },
    );
    for (const [key, value] of Object.entries(JSON.parse(config))) {
        await stack.setConfig(key, { value });
    }
    const created = [];
    await stack.preview({
        onEvent: ({ resourcePreEvent }) => {
            if (resourcePreEvent?.metadata.op === "create") created.push(resourcePreEvent.metadata.urn);
        },
    });
    process.stdout.write(JSON.stringify(created));
}

preview(process.argv.slice(2)).catch((error) => {
    process.stderr.write(String(error));
    process.exitCode = 1;
});
