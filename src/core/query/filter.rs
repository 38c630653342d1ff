//! Conditions on what the reader did with a paper. The search does not know the answers; it asks the caller.

use std::fmt;

/// A condition that only the caller can answer.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Filter {
    /// `is:starred` and the like.
    Is(Is),
    /// `has:pdf` and the like.
    Has(Has),
    /// `status:reading`: a status that starts with this (folded).
    Status(String),
    /// `comment:revise`: a comment with a word that starts with this (folded).
    Comment(String),
    /// A tag of the reader's own that has a word that starts with this (folded). Asked besides the keywords of the file.
    Tag(String),
}

macro_rules! values {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident => $text:literal,)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$doc])* $variant,)* }

        impl $name {
            /// Every value.
            pub const ALL: &'static [$name] = &[$($name::$variant,)*];

            /// The value as it is typed.
            pub fn name(self) -> &'static str {
                match self { $($name::$variant => $text,)* }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.name())
            }
        }
    };
}

values! {
    /// What a paper is to the reader.
    Is {
        /// It has a star.
        Starred => "starred",
        /// Not begun.
        Unread => "unread",
        /// Begun.
        Reading => "reading",
        /// Done.
        Read => "read",
        /// In the reading queue.
        Queued => "queued",
        /// Known to be retracted.
        Retracted => "retracted",
        /// Unread, and like what the reader starred and read.
        Suggested => "suggested",
    }
}

values! {
    /// What a paper has.
    Has {
        /// A PDF file.
        Pdf => "pdf",
        /// A comment.
        Comment => "comment",
        /// A tag of the reader's own.
        Tag => "tag",
        /// A rating.
        Rating => "rating",
        /// A priority.
        Priority => "priority",
        /// A DOI.
        Doi => "doi",
        /// An abstract.
        Abstract => "abstract",
        /// Key findings.
        Findings => "findings",
    }
}
