int mito_linux_placeholder;
