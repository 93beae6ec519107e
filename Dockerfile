# The course in a container, with JupyterLab at port 8888:
#   docker build -t convnotes .
#   docker run --rm -p 127.0.0.1:8888:8888 convnotes
# .devcontainer/ builds the first stage only.
FROM node:24-bookworm AS base
# The image has Node, git, g++ and Python 3.11; Python's venv is a package of its own in Debian.
RUN apt-get update && \
    apt-get install -y --no-install-recommends python3-venv && \
    rm -rf /var/lib/apt/lists/*

FROM base
USER node
WORKDIR /home/node
# As a folder of this user: WORKDIR would create it as root.
RUN mkdir convnotes
WORKDIR /home/node/convnotes
COPY --chown=node:node . .
RUN npm run setup
EXPOSE 8888
CMD ["npm", "run", "lab", "--", "--ip=0.0.0.0", "--port=8888", "--no-browser"]
