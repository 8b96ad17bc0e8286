import * as pulumi from "@pulumi/pulumi";
import { RemoteMcpServer } from "@pulumi/remote-mcp";

const config = new pulumi.Config();

const server = new RemoteMcpServer("tools", {
    // What stands in the folder of this program takes the place of the example tools.
    appDirectory: "app",
    serverName: "tools",
    scopes: { mcp: "Use the tools" },
    // The Python of this machine, unless it is the default.
    pythonVersion: config.get("pythonVersion"),
    tags: { team: "platform" },
});

export const mcpUrl = server.mcpUrl;
export const registrationUrl = server.registrationUrl;
