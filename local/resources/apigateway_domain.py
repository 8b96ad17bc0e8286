"""Custom domain names and the stages that they lead to."""

from local.aws import Aws
from local.resources.kind import Applied, Kind, Properties, rename_keys

_DOMAIN = {
    "domainName": "domainName",
    "endpointAccessMode": "endpointAccessMode",
    "endpointConfiguration": "",
    "mutualTlsAuthentication": "",
    "regionalCertificateArn": "regionalCertificateArn",
    "securityPolicy": "securityPolicy",
}
_MAPPING = {"domainName": "domainName", "basePath": "basePath", "restApi": "restApiId", "stageName": "stage"}


class DomainName(Kind):
    """A custom domain name. The emulator has no call to change one, so every change replaces it."""

    label = "api domain"

    def create(self, aws: Aws, name: str, inputs: Properties) -> Applied:
        parameters = rename_keys(inputs, _DOMAIN)
        if "endpointConfiguration" in inputs:
            types = rename_keys(inputs["endpointConfiguration"], {"types": "types"})["types"]
            parameters["endpointConfiguration"] = {"types": types if isinstance(types, list) else [types]}
        if "mutualTlsAuthentication" in inputs:
            names = {"truststoreUri": "truststoreUri"}
            parameters["mutualTlsAuthentication"] = rename_keys(inputs["mutualTlsAuthentication"], names)
        domain = aws.client("apigateway").create_domain_name(**parameters)
        return Applied(
            domain["domainName"],
            {
                "arn": aws.arn("apigateway", f"/domainnames/{domain['domainName']}", account=False),
                "regionalDomainName": domain["regionalDomainName"],
                "regionalZoneId": domain["regionalHostedZoneId"],
            },
        )

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        aws.client("apigateway").delete_domain_name(domainName=identifier)


class BasePathMapping(Kind):
    label = "base path mapping"
    fixed = tuple(_MAPPING)

    def create(self, aws: Aws, name: str, inputs: Properties) -> Applied:
        mapping = aws.client("apigateway").create_base_path_mapping(**rename_keys(inputs, _MAPPING))
        return Applied(f"{inputs['domainName']}/{inputs.get('basePath', '')}", {"basePath": mapping["basePath"]})

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        aws.client("apigateway").delete_base_path_mapping(
            domainName=inputs["domainName"], basePath=inputs.get("basePath", "(none)")
        )
