//! The section of a bucket for files, and what can be wrong with it.

use std::fmt;

use serde::Deserialize;

use crate::platform::files::Bucket;

/// A bucket of an S3 store for files, instead of the folder; none while `bucket` is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct S3 {
    /// The bucket's name.
    pub bucket: String,
    /// A folder in the bucket.
    pub folder: String,
    /// The region.
    pub region: String,
    /// Where the store answers; empty is AWS.
    pub endpoint: String,
    /// The public part of the key.
    pub access_key_id: String,
    /// The secret part of the key.
    pub secret_access_key: Hidden,
    /// Whether the bucket stands in the path of an address.
    pub path_style: bool,
}

/// A setting that is never printed.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Hidden(pub String);

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_empty() { "none" } else { "hidden" })
    }
}

impl S3 {
    /// The bucket, where one is named.
    #[must_use]
    pub fn bucket(&self) -> Option<Bucket> {
        (!self.bucket.is_empty()).then(|| Bucket {
            name: self.bucket.clone(),
            folder: self.folder.trim_matches('/').to_owned(),
            region: self.region.clone(),
            endpoint: self.endpoint.clone(),
            access_key_id: self.access_key_id.clone(),
            secret_access_key: self.secret_access_key.0.clone(),
            path_style: self.path_style,
        })
    }

    /// Everything that cannot work, one line each.
    pub(super) fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        if self.bucket.is_empty() {
            if ![&self.folder, &self.endpoint, &self.access_key_id, &self.secret_access_key.0]
                .iter()
                .all(|setting| setting.is_empty())
            {
                problems.push("s3.bucket is empty, but other settings of s3 are not".to_owned());
            }
            return problems;
        }
        if !cfg!(feature = "s3") {
            problems.push("s3.bucket is set, but this program was built without the feature s3".to_owned());
        }
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-".contains(c);
        if !(3..=63).contains(&self.bucket.len()) || !self.bucket.chars().all(fits) {
            problems.push(format!("s3.bucket \"{}\" is no name of a bucket", self.bucket));
        }
        for (name, value) in [
            ("region", &self.region),
            ("access_key_id", &self.access_key_id),
            ("secret_access_key", &self.secret_access_key.0),
        ] {
            if value.is_empty() {
                problems.push(format!("s3.{name} must be set where s3.bucket is"));
            }
        }
        if !self.endpoint.is_empty() && !self.endpoint.starts_with("https://") && !self.endpoint_is_near() {
            problems.push(
                "s3.endpoint must be https://HOST; http:// is only for a store on this machine itself, because files would \
                 travel in the clear"
                    .to_owned(),
            );
        }
        problems
    }

    fn endpoint_is_near(&self) -> bool {
        self.endpoint.strip_prefix("http://").is_some_and(super::is_loopback)
    }
}
