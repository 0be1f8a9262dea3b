"""The storefront: what its pages draw."""
