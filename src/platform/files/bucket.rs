//! A bucket of an S3 store: what has to be known of it, and how it is reached.

use std::fmt;
use std::sync::Arc;

use object_store::ObjectStore;

use super::drive::Drive;
use crate::platform::error::Result;

/// A bucket and the key to it.
#[derive(Clone, PartialEq, Eq)]
pub struct Bucket {
    /// The bucket's name.
    pub name: String,
    /// The folder in it below which everything lies; may be empty.
    pub folder: String,
    /// The region that requests are signed for.
    pub region: String,
    /// Where the store answers; empty is AWS in that region.
    pub endpoint: String,
    /// The public part of the key.
    pub access_key_id: String,
    /// The secret part of the key.
    pub secret_access_key: String,
    /// Whether the bucket stands in the path of an address and not in its host.
    pub path_style: bool,
}

impl fmt::Debug for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Bucket({} in {} at {:?})", self.name, self.region, self.endpoint)
    }
}

#[cfg(feature = "s3")]
impl Bucket {
    /// The store, which is asked for nothing yet.
    ///
    /// # Errors
    /// When the address cannot be used.
    pub(super) fn open(&self, drive: &Drive) -> Result<Arc<dyn ObjectStore>> {
        use std::time::Duration;

        use object_store::aws::AmazonS3Builder;
        use object_store::client::SpawnedReqwestConnector;
        use object_store::{BackoffConfig, ClientOptions, RetryConfig};

        use crate::platform::error::Error;

        // A request carries one part of a file at most; together the tries stay below a browser's patience.
        let client = ClientOptions::new()
            .with_connect_timeout(Duration::from_secs(3))
            .with_timeout(Duration::from_secs(20))
            .with_allow_http(self.endpoint.starts_with("http://"));
        let retry = RetryConfig {
            backoff: BackoffConfig {
                init_backoff: Duration::from_millis(100),
                max_backoff: Duration::from_secs(1),
                base: 2.0,
            },
            max_retries: 2,
            retry_timeout: Duration::from_secs(15),
        };
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(&self.name)
            .with_region(&self.region)
            .with_access_key_id(&self.access_key_id)
            .with_secret_access_key(&self.secret_access_key)
            .with_virtual_hosted_style_request(!self.path_style)
            .with_client_options(client)
            .with_retry(retry)
            .with_http_connector(SpawnedReqwestConnector::new(drive.handle().clone()));
        if !self.endpoint.is_empty() {
            builder = builder.with_endpoint(self.address());
        }
        let store = builder.build().map_err(|e| Error::internal("failed to open the bucket", e))?;
        Ok(Arc::new(store))
    }

    /// The endpoint, with the bucket in its host where it belongs there.
    fn address(&self) -> String {
        let endpoint = self.endpoint.trim_end_matches('/');
        match endpoint.split_once("://") {
            Some((scheme, host)) if !self.path_style => format!("{scheme}://{}.{host}", self.name),
            _ => endpoint.to_owned(),
        }
    }
}

#[cfg(not(feature = "s3"))]
impl Bucket {
    /// Never: the configuration refuses a bucket in a program that was built without the feature.
    pub(super) fn open(&self, _drive: &Drive) -> Result<Arc<dyn ObjectStore>> {
        Err(crate::platform::error::Error::broken("this program was built without S3"))
    }
}
