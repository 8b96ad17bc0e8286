"""What stands in front of the stage, and does to a request what CloudFront and API Gateway do on AWS."""
