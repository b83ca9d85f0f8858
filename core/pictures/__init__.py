"""Pictures from upload to page: metadata is removed, and pictures with too many pixels are refused."""
